"""Pub/Sub's gRPC services over the broker, for the real client: it finds them by PUBSUB_EMULATOR_HOST or an endpoint.

What is not listed here answers UNIMPLEMENTED, as gRPC does by itself.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.pubsub_v1 import types

from sandbox.pubsub.broker import Broker, Delivery, Refused


def serve(broker: Broker, port: int) -> tuple[grpc.Server, int]:
    """A started server on loopback, and its port; OSError when that is taken."""
    server = grpc.server(
        ThreadPoolExecutor(32),
        options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", 64 << 20)],
    )
    server.add_generic_rpc_handlers((_publisher(broker), _subscriber(broker)))
    try:
        bound = server.add_insecure_port(f"127.0.0.1:{port}")
    except RuntimeError as fault:
        raise OSError(str(fault)) from fault
    if not bound:
        raise OSError("the port is taken")
    server.start()
    return server, bound


def _answering(call: Callable[[Any], Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
    """A handler that turns a refusal into its gRPC status."""

    def handle(request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return call(request)
        except Refused as fault:
            context.abort(getattr(grpc.StatusCode, fault.status), str(fault))

    return handle


def _unary(call: Callable[[Any], Any], request: Any, answer: Any) -> grpc.RpcMethodHandler:
    return grpc.unary_unary_rpc_method_handler(_answering(call), request.deserialize, answer.serialize)


def _empty(call: Callable[[Any], None], request: Any) -> grpc.RpcMethodHandler:
    def nothing(asked: Any) -> empty_pb2.Empty:
        call(asked)
        return empty_pb2.Empty()

    return grpc.unary_unary_rpc_method_handler(
        _answering(nothing), request.deserialize, empty_pb2.Empty.SerializeToString
    )


def _publisher(broker: Broker) -> grpc.GenericRpcHandler:
    return grpc.method_handlers_generic_handler(
        "google.pubsub.v1.Publisher",
        {
            "CreateTopic": _unary(broker.create_topic, types.Topic, types.Topic),
            "GetTopic": _unary(lambda r: broker.topic(r.topic), types.GetTopicRequest, types.Topic),
            "Publish": _unary(
                lambda r: types.PublishResponse(message_ids=broker.publish(r.topic, list(r.messages))),
                types.PublishRequest,
                types.PublishResponse,
            ),
        },
    )


def _received(deliveries: list[Delivery]) -> list[Any]:
    return [
        types.ReceivedMessage(ack_id=d.ack_id, message=d.message, delivery_attempt=d.attempt)
        for d in deliveries
    ]


def _subscriber(broker: Broker) -> grpc.GenericRpcHandler:
    return grpc.method_handlers_generic_handler(
        "google.pubsub.v1.Subscriber",
        {
            "CreateSubscription": _unary(broker.create_subscription, types.Subscription, types.Subscription),
            "GetSubscription": _unary(
                lambda r: broker.subscription(r.subscription).resource,
                types.GetSubscriptionRequest,
                types.Subscription,
            ),
            "Pull": _unary(
                lambda r: types.PullResponse(
                    received_messages=_received(broker.pull(r.subscription, r.max_messages, 1.0))
                ),
                types.PullRequest,
                types.PullResponse,
            ),
            "Acknowledge": _empty(
                lambda r: broker.acknowledge(r.subscription, list(r.ack_ids)), types.AcknowledgeRequest
            ),
            "ModifyAckDeadline": _empty(
                lambda r: broker.set_deadline(r.subscription, list(r.ack_ids), r.ack_deadline_seconds),
                types.ModifyAckDeadlineRequest,
            ),
            "StreamingPull": grpc.stream_stream_rpc_method_handler(
                lambda requests, context: _stream(broker, requests, context),
                types.StreamingPullRequest.deserialize,
                types.StreamingPullResponse.serialize,
            ),
        },
    )


def _stream(broker: Broker, requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
    """Messages as they come; acknowledgements and deadlines come back on the same stream."""
    first = next(requests)
    name: str = first.subscription
    gone = threading.Event()
    context.add_callback(gone.set)
    faults: queue.Queue[Refused] = queue.Queue()

    def listen() -> None:
        try:
            for request in requests:
                broker.acknowledge(name, list(request.ack_ids))
                for ack_id, seconds in zip(
                    request.modify_deadline_ack_ids, request.modify_deadline_seconds, strict=False
                ):
                    broker.set_deadline(name, [ack_id], seconds)
        except Refused as fault:
            faults.put(fault)
        except Exception:
            gone.set()  # the client hung up

    threading.Thread(target=listen, daemon=True).start()
    try:
        while not gone.is_set():
            if not faults.empty():
                raise faults.get()
            taken = broker.pull(name, 100, 0.5)
            if taken:
                yield types.StreamingPullResponse(received_messages=_received(taken))
    except Refused as fault:
        context.abort(getattr(grpc.StatusCode, fault.status), str(fault))
