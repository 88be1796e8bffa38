"""python -m sandbox.pubsub: Google Pub/Sub (topics, subscriptions, publish, pull) on loopback, until Ctrl-C.

All is in memory: when the server ends, topics and messages are gone.
"""

from __future__ import annotations

import signal
import sys
import threading

from google.pubsub_v1 import types

from sandbox import foreign
from sandbox.pubsub.broker import Broker
from sandbox.pubsub.server import serve


def main() -> int:
    """Serve; topics that are named are created first, each with a subscription of the same name. Exit code 2 when the port is taken."""
    parser = foreign.parser("pubsub", 8085, __doc__ or "")
    parser.add_argument(
        "--topic", action="append", default=[], help="projects/P/topics/T to create (may be repeated)"
    )
    given = parser.parse_args()
    broker = Broker()
    for topic in given.topic:
        broker.create_topic(types.Topic(name=topic))
        broker.create_subscription(
            types.Subscription(
                name=topic.replace("/topics/", "/subscriptions/"), topic=topic, enable_message_ordering=True
            )
        )
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    server, port = serve(broker, foreign.usable_port(given.port))
    print(f"Pub/Sub stand-in ready: http://127.0.0.1:{port} (nothing is kept). Ctrl-C ends it.", flush=True)
    ended.wait()
    server.stop(2).wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
