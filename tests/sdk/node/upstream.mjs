// A provider that keeps what it got, byte by byte, and says what a test wants it to say.
//
// Speaks the OpenAI chat format, whole and streamed. A streamed text is cut into pieces of one to
// seven characters, and those of one reply take turns: choices, text and reasoning; after them, as
// with every provider, tool calls.

import { createServer } from 'node:http';

export async function startUpstream(address) {
  const upstream = { received: [], say: () => [{ text: 'nothing to say' }] };
  const server = createServer(async (asked, answer) => {
    const body = Buffer.concat(await asked.toArray());
    upstream.received.push(body);
    const request = JSON.parse(body);
    const choices = upstream.say(request);
    if (!request.stream) {
      answer.setHeader('content-type', 'application/json');
      return answer.end(JSON.stringify(completion(choices)));
    }
    answer.setHeader('content-type', 'text/event-stream');
    for (const delta of piecesOf(choices)) answer.write(`data: ${JSON.stringify(chunk(delta))}\n\n`);
    answer.end('data: [DONE]\n\n');
  });
  const [host, port] = address.split(':');
  await new Promise((listening) => server.listen(Number(port), host, listening));
  server.unref();
  upstream.last = () => upstream.received.at(-1).toString('utf8');
  return upstream;
}

/** All that the messages say, in order: contents, their parts, and arguments of tool calls. */
export function textsOf(messages) {
  return messages.flatMap(({ content, tool_calls: calls = [] }) => {
    const parts = typeof content === 'string' ? [content] : (content ?? []).map((part) => part.text);
    return [...parts, ...calls.flatMap((call) => Object.values(JSON.parse(call.function.arguments)))];
  });
}

/** Says all of it again: as text, as reasoning, and in the arguments of two tool calls. */
export function echo(messages) {
  const said = textsOf(messages).join('\n--\n');
  const tools = [{ text: said }, { list: [said, 7] }];
  return { text: said, reasoning: `They said: ${said}`, tools: tools.map((tool) => JSON.stringify(tool)) };
}

const chunk = (choice) => ({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] });

const completion = (choices) => ({
  id: 'x',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: choices.map(({ text = '', reasoning = '', tools = [] }, index) => ({
    index,
    message: {
      role: 'assistant',
      content: text,
      reasoning_content: reasoning,
      ...(tools.length && { tool_calls: tools.map((call, number) => ({ ...named(number, call), index: undefined })) }),
    },
    finish_reason: endOf(tools),
  })),
});

const endOf = (tools) => (tools.length ? 'tool_calls' : 'stop');

const named = (number, text) => ({ index: number, id: `call_${number}`, type: 'function', function: { name: 'run', arguments: text } });

/** The choices' texts in small pieces, then their tool calls, then their ends. */
function* piecesOf(choices) {
  for (const index of choices.keys()) yield { index, delta: { role: 'assistant', content: '' }, finish_reason: null };
  const spoken = choices.flatMap(({ text = '', reasoning = '' }, index) => [
    cut(text).map((content) => ({ index, delta: { content } })),
    cut(reasoning).map((piece) => ({ index, delta: { reasoning_content: piece } })),
  ]);
  const called = choices.flatMap(({ tools = [] }, index) =>
    tools.map((call, number) => {
      const rest = cut(call).map((piece) => ({ index: number, function: { arguments: piece } }));
      return [named(number, ''), ...rest].map((one) => ({ index, delta: { tool_calls: [one] } }));
    }),
  );
  yield* inTurns(spoken);
  yield* inTurns(called);
  for (const [index, { tools = [] }] of choices.entries()) yield { index, delta: {}, finish_reason: endOf(tools) };
}

function* inTurns(runs) {
  const longest = Math.max(0, ...runs.map((run) => run.length));
  for (let turn = 0; turn < longest; turn += 1) {
    for (const run of runs) if (run[turn]) yield { ...run[turn], finish_reason: null };
  }
}

/** Lengths of 1 to 7 in an order without a pattern, the same in each run. */
function cut(text) {
  const letters = [...text];
  const pieces = [];
  for (let step = 1; letters.length; step += 1) pieces.push(letters.splice(0, 1 + ((step * step * 31) % 101) % 7).join(''));
  return pieces;
}
