"""A provider that keeps what it got, byte by byte, and says what a test wants it to say.

Speaks the OpenAI chat format, whole and streamed. A streamed text is cut into pieces of one to
seven characters, and those of one reply take turns: choices, text and reasoning; after them, as
with every provider, tool calls.
"""

import itertools
import json
import random
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Choice:
    """What one choice of a reply says; each tool call is the text of its arguments."""

    text: str = ""
    reasoning: str = ""
    tools: list = field(default_factory=list)


class Upstream:
    """Listens until the process ends."""

    def __init__(self, address):
        self.received = []
        self.say = lambda request: [Choice(text="nothing to say")]
        upstream = self

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """The gateway has heard enough: nothing to tell anybody."""

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                upstream.received.append(body)
                request = json.loads(body)
                choices = upstream.say(request)
                if request.get("stream"):
                    self.stream(pieces_of(choices))
                else:
                    self.whole(completion(choices))

            def whole(self, answer):
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def stream(self, deltas):
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                for event in [*map(chunk, deltas), "[DONE]"]:
                    data = f"data: {event}\n\n".encode()
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                self.wfile.write(b"0\r\n\r\n")

            def log_message(self, *_):
                pass

        host, port = address.split(":")
        server = Server((host, int(port)), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def last(self):
        """The bytes of the request that came last."""
        return self.received[-1]


def texts_of(request):
    """All that the request says, in order: contents, their parts, and arguments of tool calls."""
    for message in request["messages"]:
        content = message.get("content") or []
        parts = [{"text": content}] if isinstance(content, str) else content
        yield from (part["text"] for part in parts)
        for call in message.get("tool_calls") or []:
            yield from json.loads(call["function"]["arguments"]).values()


def echo(request, change=lambda text: text):
    """Says all of it again: as text, as reasoning, and in the arguments of two tool calls."""
    said = change("\n--\n".join(texts_of(request)))
    return Choice(text=said, reasoning=f"They said: {said}", tools=[json.dumps({"text": said}), json.dumps({"list": [said, 7]})])


def completion(choices):
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [whole_choice(*each) for each in enumerate(choices)]}


def whole_choice(index, choice):
    message = {"role": "assistant", "content": choice.text, "reasoning_content": choice.reasoning}
    if choice.tools:
        message["tool_calls"] = [{"id": f"call_{number}", "type": "function", "function": {"name": "run", "arguments": text}} for number, text in enumerate(choice.tools)]
    return {"index": index, "message": message, "finish_reason": "tool_calls" if choice.tools else "stop"}


def chunk(choice):
    return json.dumps({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})


def pieces_of(choices):
    """The choices' texts in small pieces, then their tool calls, then their ends."""
    dice = random.Random(len(choices))
    spoken, called = [], []
    for index, choice in enumerate(choices):
        yield {"index": index, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}
        spoken.append([(index, {"content": piece}) for piece in cut(choice.text, dice)])
        spoken.append([(index, {"reasoning_content": piece}) for piece in cut(choice.reasoning, dice)])
        for number, text in enumerate(choice.tools):
            first = {"index": number, "id": f"call_{number}", "type": "function", "function": {"name": "run", "arguments": ""}}
            rest = [{"index": number, "function": {"arguments": piece}} for piece in cut(text, dice)]
            called.append([(index, {"tool_calls": [call]}) for call in [first, *rest]])
    for index, delta in [*in_turns(spoken), *in_turns(called)]:
        yield {"index": index, "delta": delta, "finish_reason": None}
    for index, choice in enumerate(choices):
        yield {"index": index, "delta": {}, "finish_reason": "tool_calls" if choice.tools else "stop"}


def in_turns(runs):
    for turn in itertools.zip_longest(*runs):
        yield from filter(None, turn)


def cut(text, dice):
    while text:
        size = dice.randint(1, 7)
        yield text[:size]
        text = text[size:]
