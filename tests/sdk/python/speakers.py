"""Each official SDK behind the same few verbs, so that one scenario serves all of them.

A speaker opens a conversation (`user`), asks for the next turn whole or streamed (`say`), gives the
results of tools (`results`), begins a stream and leaves it (`leave`), and knows what its SDK raises
(`failures`, `status`). Models, texts and tools come from the scenario.
"""

import json
from dataclasses import dataclass, field

import anthropic
import boto3
import botocore
import cohere
import ollama
import openai
from botocore.config import Config
from cohere.core.api_error import ApiError
from google import genai
from google.genai import errors as genai_errors
from google.genai import types

TIMEOUT = 20
LIMIT = 1000


@dataclass
class Said:
    """One turn of the model: what it said, and the same as the SDK wants it back."""

    text: str = ""
    reasoning: str = ""
    calls: list = field(default_factory=list)
    output_tokens: int = 0
    pieces: int = 0
    turns: list = field(default_factory=list)

    def called(self):
        return [(call["name"], call["arguments"]) for call in self.calls]


def call(identity, name, arguments):
    arguments = json.loads(arguments) if isinstance(arguments, str) else dict(arguments or {})
    return {"id": identity, "name": name, "arguments": arguments}


class Speaker:
    """What most speakers share: texts with roles, and the base address with `/v1` or without."""

    format = ""
    counts = False
    lists = False

    def __init__(self, url, key, timeout=TIMEOUT):
        """The SDK's client waits `timeout` seconds for a byte, and never asks twice."""
        self.client = self.connect(url, key, timeout)

    def user(self, text):
        return [{"role": "user", "content": text}]

    def status(self, failure):
        return failure.status_code

    def leave(self, model, turns):
        stream = self.begin(model, turns)
        next(iter(stream))
        stream.close()


class OpenAiChat(Speaker):
    format = "openai-chat"
    lists = True
    failures = (openai.APIError,)

    def connect(self, url, key, timeout):
        return openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0, timeout=timeout)

    def tools(self, tools):
        return [{"type": "function", "function": {"strict": True, **tool}} for tool in tools] or openai.omit

    def say(self, model, turns, stream, tools=()):
        asked = {"model": model, "messages": turns, "tools": self.tools(tools)}
        if stream:
            return self.heard(self.client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
        answer = self.client.chat.completions.create(**asked)
        message = answer.choices[0].message
        calls = [[each.id, each.function.name, each.function.arguments] for each in message.tool_calls or []]
        return self.said(message.content or "", getattr(message, "reasoning_content", None) or "", calls, answer.usage, 1)

    def heard(self, chunks):
        """By hand: the SDK's own helper fails on calls that take turns."""
        text, thought, calls, usage = [], [], {}, None
        for chunk in chunks:
            usage = chunk.usage or usage
            for choice in chunk.choices:
                text.append(choice.delta.content or "")
                thought.append(getattr(choice.delta, "reasoning_content", None) or "")
                for part in choice.delta.tool_calls or []:
                    known = calls.setdefault(part.index, [part.id, part.function.name, ""])
                    known[2] += part.function.arguments or ""
        in_order = [calls[index] for index in sorted(calls)]
        return self.said("".join(text), "".join(thought), in_order, usage, sum(map(bool, text)))

    def said(self, text, thought, calls, usage, pieces):
        turn = {"role": "assistant", "content": text}
        if calls:
            turn["tool_calls"] = [{"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}} for identity, name, arguments in calls]
        return Said(text, thought, [call(*each) for each in calls], usage.completion_tokens, pieces, [turn])

    def results(self, said, text):
        return [{"role": "tool", "tool_call_id": each["id"], "content": text} for each in said.calls]

    def begin(self, model, turns):
        return self.client.chat.completions.create(model=model, messages=turns, stream=True)

    def models(self):
        return [model.id for model in self.client.models.list()]


class OpenAiResponses(Speaker):
    format = "openai-responses"
    # The second one comes from the helper for streams, which passes an error on as an event.
    failures = (openai.APIError, RuntimeError)
    connect = OpenAiChat.connect

    def tools(self, tools):
        return [{"type": "function", "strict": True, **tool} for tool in tools] or openai.omit

    def say(self, model, turns, stream, tools=()):
        asked = {"model": model, "input": turns, "tools": self.tools(tools)}
        if not stream:
            return self.said(self.client.responses.create(**asked), 1)
        with self.client.responses.stream(**asked) as events:
            pieces = sum(event.type == "response.output_text.delta" for event in events)
            return self.said(events.get_final_response(), pieces)

    def said(self, answer, pieces):
        of_type = {kind: [item for item in answer.output if item.type == kind] for kind in ("reasoning", "function_call")}
        calls = [call(item.call_id, item.name, item.arguments) for item in of_type["function_call"]]
        reasoning = "".join(part.text for item in of_type["reasoning"] for part in item.summary)
        turns = [without_parsed(item.model_dump(exclude_none=True)) for item in answer.output]
        return Said(answer.output_text, reasoning, calls, answer.usage.output_tokens, pieces, turns)

    def results(self, said, text):
        return [{"type": "function_call_output", "call_id": each["id"], "output": text} for each in said.calls]

    def begin(self, model, turns):
        return self.client.responses.create(model=model, input=turns, stream=True)


def without_parsed(item):
    """The helper for streams adds what it parsed; the API takes no such fields."""
    item.pop("parsed_arguments", None)
    for part in item.get("content") or []:
        part.pop("parsed", None)
    return item


class Anthropic(Speaker):
    format = "anthropic"
    failures = (anthropic.APIError,)
    counts = True
    lists = True

    def connect(self, url, key, timeout):
        return anthropic.Anthropic(base_url=url, api_key=key, max_retries=0, timeout=timeout)

    def asked(self, model, turns, tools=()):
        tools = [{"name": tool["name"], "description": tool["description"], "input_schema": tool["parameters"]} for tool in tools]
        return {"model": model, "max_tokens": LIMIT, "messages": turns, "tools": tools or anthropic.omit}

    def say(self, model, turns, stream, tools=()):
        if not stream:
            return self.said(self.client.messages.create(**self.asked(model, turns, tools)), 1)
        with self.client.messages.stream(**self.asked(model, turns, tools)) as events:
            pieces = sum(event.type == "text" for event in events)
            return self.said(events.get_final_message(), pieces)

    def said(self, message, pieces):
        blocks = [block.model_dump(exclude_none=True, exclude={"parsed_output"}) for block in message.content]
        joined = {kind: "".join(block.get(kind, "") for block in blocks) for kind in ("text", "thinking")}
        calls = [call(block["id"], block["name"], block["input"]) for block in blocks if block["type"] == "tool_use"]
        turn = {"role": "assistant", "content": blocks}
        return Said(joined["text"], joined["thinking"], calls, message.usage.output_tokens, pieces, [turn])

    def results(self, said, text):
        blocks = [{"type": "tool_result", "tool_use_id": each["id"], "content": text} for each in said.calls]
        return [{"role": "user", "content": blocks}]

    def begin(self, model, turns):
        return self.client.messages.create(**self.asked(model, turns), stream=True)

    def count(self, model, turns):
        return self.client.messages.count_tokens(model=model, messages=turns).input_tokens

    def models(self):
        return [model.id for model in self.client.models.list()]


class Gemini(Speaker):
    format = "gemini"
    failures = (genai_errors.APIError, ValueError)
    counts = True

    def connect(self, url, key, timeout):
        options = types.HttpOptions(base_url=url, timeout=int(timeout * 1000))
        return genai.Client(api_key=key, http_options=options)

    def user(self, text):
        return [types.Content(role="user", parts=[types.Part(text=text)])]

    def asked(self, model, turns, tools=()):
        tools = [{"name": tool["name"], "description": tool["description"], "parameters_json_schema": tool["parameters"]} for tool in tools]
        config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=tools)]) if tools else None
        return {"model": model, "contents": turns, "config": config}

    def say(self, model, turns, stream, tools=()):
        asked = self.asked(model, turns, tools)
        if stream:
            return self.said(list(self.client.models.generate_content_stream(**asked)))
        return self.said([self.client.models.generate_content(**asked)])

    def said(self, chunks):
        parts = [part for chunk in chunks for part in chunk.candidates[0].content.parts or []]
        spoken = [part for part in parts if part.text and not part.thought]
        thought = "".join(part.text for part in parts if part.text and part.thought)
        called = [part.function_call for part in parts if part.function_call]
        calls = [call(each.id, each.name, each.args) for each in called]
        tokens = chunks[-1].usage_metadata.candidates_token_count
        turn = types.Content(role="model", parts=parts)
        return Said("".join(part.text for part in spoken), thought, calls, tokens, len(spoken), [turn])

    def results(self, said, text):
        answers = [types.FunctionResponse(id=each["id"], name=each["name"], response={"output": text}) for each in said.calls]
        return [types.Content(role="user", parts=[types.Part(function_response=answer) for answer in answers])]

    def begin(self, model, turns):
        return self.client.models.generate_content_stream(**self.asked(model, turns))

    def status(self, failure):
        return failure.code

    def count(self, model, turns):
        return self.client.models.count_tokens(model=model, contents=turns).total_tokens


class Cohere(Speaker):
    format = "cohere"
    failures = (ApiError,)

    def connect(self, url, key, timeout):
        return cohere.ClientV2(api_key=key, base_url=url, timeout=timeout, max_retries=0)

    def asked(self, model, turns, tools=()):
        tools = [{"type": "function", "function": tool} for tool in tools]
        return {"model": model, "messages": turns, **({"tools": tools} if tools else {})}

    def say(self, model, turns, stream, tools=()):
        if stream:
            return self.heard(self.client.chat_stream(**self.asked(model, turns, tools)))
        answer = self.client.chat(**self.asked(model, turns, tools))
        parts = answer.message.content or []
        text, thought = ("".join(getattr(part, kind, "") or "" for part in parts) for kind in ("text", "thinking"))
        calls = [[each.id, each.function.name, each.function.arguments] for each in answer.message.tool_calls or []]
        return self.said(text, thought, calls, answer.usage, 1)

    def heard(self, events):
        text, thought, calls, usage = [], [], [], None
        for event in events:
            message = getattr(getattr(event, "delta", None), "message", None)
            match event.type:
                case "content-delta":
                    text.append(getattr(message.content, "text", None) or "")
                    thought.append(getattr(message.content, "thinking", None) or "")
                case "tool-call-start":
                    function = message.tool_calls.function
                    calls.append([message.tool_calls.id, function.name, function.arguments or ""])
                case "tool-call-delta":
                    calls[event.index][2] += message.tool_calls.function.arguments
                case "message-end":
                    if event.delta.error:
                        raise ApiError(status_code=None, body=event.delta.error)
                    usage = event.delta.usage
        return self.said("".join(text), "".join(thought), calls, usage, sum(map(bool, text)))

    def said(self, text, thought, calls, usage, pieces):
        turn = {"role": "assistant"}
        if calls:
            turn["tool_calls"] = [{"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}} for identity, name, arguments in calls]
        else:
            turn["content"] = text
        tokens = int(usage.tokens.output_tokens)
        return Said(text, thought, [call(*each) for each in calls], tokens, pieces, [turn])

    def results(self, said, text):
        return [{"role": "tool", "tool_call_id": each["id"], "content": text} for each in said.calls]

    def begin(self, model, turns):
        return self.client.chat_stream(**self.asked(model, turns))


class Bedrock(Speaker):
    format = "bedrock-converse"
    failures = (botocore.exceptions.ClientError, botocore.exceptions.EventStreamError)

    def connect(self, url, key, timeout):
        """Over plain HTTP the SDK signs or says nothing, but gives no bearer token away."""
        config = Config(signature_version=botocore.UNSIGNED, retries={"total_max_attempts": 1}, read_timeout=timeout)
        client = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=url, config=config)
        authorize = lambda request, **_: request.headers.add_header("authorization", f"Bearer {key}")
        client.meta.events.register("before-sign.bedrock-runtime.*", authorize)
        return client

    def user(self, text):
        return [{"role": "user", "content": [{"text": text}]}]

    def asked(self, model, turns, tools=()):
        specs = [{"name": tool["name"], "description": tool["description"], "inputSchema": {"json": tool["parameters"]}} for tool in tools]
        tools = {"toolConfig": {"tools": [{"toolSpec": spec} for spec in specs]}} if specs else {}
        return {"modelId": model, "messages": turns, **tools}

    def say(self, model, turns, stream, tools=()):
        if stream:
            return self.heard(self.client.converse_stream(**self.asked(model, turns, tools))["stream"])
        answer = self.client.converse(**self.asked(model, turns, tools))
        return self.said(answer["output"]["message"]["content"], answer["usage"], 1)

    def heard(self, events):
        blocks, usage, pieces = {}, None, 0
        for event in events:
            if start := event.get("contentBlockStart"):
                blocks[start["contentBlockIndex"]] = {"toolUse": {**start["start"]["toolUse"], "input": ""}}
            if part := event.get("contentBlockDelta"):
                pieces += "text" in part["delta"]
                add(blocks.setdefault(part["contentBlockIndex"], {}), part["delta"])
            usage = event.get("metadata", {}).get("usage", usage)
        for block in blocks.values():
            if "toolUse" in block:
                block["toolUse"]["input"] = json.loads(block["toolUse"]["input"] or "{}")
        return self.said([blocks[index] for index in sorted(blocks)], usage, pieces)

    def said(self, blocks, usage, pieces):
        text = "".join(block.get("text", "") for block in blocks)
        thoughts = [block["reasoningContent"].get("reasoningText", {}) for block in blocks if "reasoningContent" in block]
        thought = "".join(thought.get("text", "") for thought in thoughts)
        uses = [block["toolUse"] for block in blocks if "toolUse" in block]
        calls = [call(use["toolUseId"], use["name"], use["input"]) for use in uses]
        turn = {"role": "assistant", "content": blocks}
        return Said(text, thought, calls, usage["outputTokens"], pieces, [turn])

    def results(self, said, text):
        blocks = [{"toolResult": {"toolUseId": each["id"], "content": [{"text": text}]}} for each in said.calls]
        return [{"role": "user", "content": blocks}]

    def leave(self, model, turns):
        stream = self.client.converse_stream(**self.asked(model, turns))["stream"]
        next(iter(stream))
        stream.close()

    def status(self, failure):
        return failure.response["ResponseMetadata"]["HTTPStatusCode"]


def add(block, delta):
    """Puts a part of a block to what came of it before."""
    if "text" in delta:
        block["text"] = block.get("text", "") + delta["text"]
    if "toolUse" in delta:
        block["toolUse"]["input"] += delta["toolUse"]["input"]
    if "reasoningContent" in delta:
        known = block.setdefault("reasoningContent", {})
        for name, part in delta["reasoningContent"].items():
            if name == "redactedContent":
                known[name] = known.get(name, b"") + part
            else:
                text = known.setdefault("reasoningText", {"text": ""})
                text[name] = text.get(name, "") + part


class Ollama(Speaker):
    format = "ollama"
    lists = True
    failures = (ollama.ResponseError,)

    def connect(self, url, key, timeout):
        return ollama.Client(host=url, headers={"authorization": f"Bearer {key}"}, timeout=timeout)

    def asked(self, model, turns, tools=()):
        return {"model": model, "messages": turns, "tools": [{"type": "function", "function": tool} for tool in tools] or None}

    def say(self, model, turns, stream, tools=()):
        answer = self.client.chat(**self.asked(model, turns, tools), stream=stream)
        lines = list(answer) if stream else [answer]
        messages = [line.message for line in lines]
        text, thought = ("".join(getattr(message, kind) or "" for message in messages) for kind in ("content", "thinking"))
        called = [each for message in messages for each in message.tool_calls or []]
        calls = [call(None, each.function.name, each.function.arguments) for each in called]
        turn = {"role": "assistant", "content": text, "tool_calls": [each.model_dump() for each in called]}
        pieces = sum(bool(message.content) for message in messages)
        return Said(text, thought, calls, lines[-1].eval_count, pieces, [turn])

    def results(self, said, text):
        return [{"role": "tool", "tool_name": each["name"], "content": text} for each in said.calls]

    def begin(self, model, turns):
        return self.client.chat(**self.asked(model, turns), stream=True)

    def models(self):
        return [model.model for model in self.client.list().models]


SPEAKERS = [OpenAiChat, OpenAiResponses, Anthropic, Gemini, Cohere, Bedrock, Ollama]
