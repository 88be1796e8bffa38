"""Files of a lake, as COPY INTO and external tables address them."""
