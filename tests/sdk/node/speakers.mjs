// The official Node SDKs behind the same few verbs; see ../python/speakers.py, which has all of them.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const SETTINGS = { timeout: 20_000, maxRetries: 0 };
const called = (name, text) => [name, typeof text === 'string' ? JSON.parse(text) : text];

async function gathered(stream) {
  const all = [];
  for await (const event of stream) all.push(event);
  return all;
}

export const chat = {
  name: 'OpenAI chat',
  format: 'openai-chat',
  failure: OpenAI.APIError,
  client: (url, apiKey) => new OpenAI({ baseURL: `${url}/v1`, apiKey, ...SETTINGS }),
  user: (content) => [{ role: 'user', content }],
  tools: (tools) => tools?.map((tool) => ({ type: 'function', function: { strict: true, ...tool } })),

  async say(client, model, messages, stream, tools) {
    const asked = { model, messages, tools: this.tools(tools) };
    if (!stream) return this.said(await client.chat.completions.create(asked));
    return this.heard(await gathered(await client.chat.completions.create({ ...asked, stream: true })));
  },
  said({ choices: [{ message }] }) {
    const calls = (message.tool_calls ?? []).map((call) => called(call.function.name, call.function.arguments));
    return { text: message.content ?? '', calls, turns: [message], ids: (message.tool_calls ?? []).map((call) => call.id) };
  },
  heard(chunks) {
    const message = { role: 'assistant', content: '' };
    for (const { delta } of chunks.flatMap((chunk) => chunk.choices)) {
      message.content += delta.content ?? '';
      for (const { index, id, function: part } of delta.tool_calls ?? []) {
        message.tool_calls ??= [];
        message.tool_calls[index] ??= { id, type: 'function', function: { name: part.name, arguments: '' } };
        message.tool_calls[index].function.arguments += part.arguments ?? '';
      }
    }
    return this.said({ choices: [{ message }] });
  },
  results: ({ ids }, content) => ids.map((id) => ({ role: 'tool', tool_call_id: id, content })),
  begin: (client, model, messages) => client.chat.completions.create({ model, messages, stream: true }),
};

export const responses = {
  name: 'OpenAI responses',
  format: 'openai-responses',
  failure: OpenAI.APIError,
  client: chat.client,
  user: chat.user,
  tools: (tools) => tools?.map((tool) => ({ type: 'function', strict: true, ...tool })),

  async say(client, model, input, stream, tools) {
    const asked = { model, input, tools: this.tools(tools) };
    if (!stream) return this.said(await client.responses.create(asked));
    return this.said(await client.responses.stream(asked).finalResponse());
  },
  said({ output, output_text: text }) {
    const calls = output.filter((item) => item.type === 'function_call');
    return {
      text,
      calls: calls.map((call) => called(call.name, call.arguments)),
      turns: output.map(({ parsed_arguments: _, ...item }) => item),
      ids: calls.map((call) => call.call_id),
    };
  },
  results: ({ ids }, output) => ids.map((id) => ({ type: 'function_call_output', call_id: id, output })),
  begin: (client, model, input) => client.responses.create({ model, input, stream: true }),
};

export const anthropic = {
  name: 'Anthropic',
  format: 'anthropic',
  failure: Anthropic.APIError,
  client: (url, apiKey) => new Anthropic({ baseURL: url, apiKey, ...SETTINGS }),
  user: chat.user,
  tools: (tools) => tools?.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters })),

  async say(client, model, messages, stream, tools) {
    const asked = { model, max_tokens: 1000, messages, tools: this.tools(tools) };
    if (!stream) return this.said(await client.messages.create(asked));
    return this.said(await client.messages.stream(asked).finalMessage());
  },
  said({ content }) {
    const calls = content.filter((block) => block.type === 'tool_use');
    return {
      text: content.map((block) => block.text ?? '').join(''),
      calls: calls.map((call) => called(call.name, call.input)),
      turns: [{ role: 'assistant', content }],
      ids: calls.map((call) => call.id),
    };
  },
  results: ({ ids }, text) => [{ role: 'user', content: ids.map((id) => ({ type: 'tool_result', tool_use_id: id, content: text })) }],
  begin: (client, model, messages) => client.messages.create({ model, max_tokens: 1000, messages, stream: true }),
};

export const speakers = [chat, responses, anthropic];
