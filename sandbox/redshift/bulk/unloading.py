async def run(session, prepared):
    raise NotImplementedError
