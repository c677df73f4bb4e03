// What the redactor does, as users of the official Node SDK and a provider see it.
//
// The provider is `upstream.mjs`: it keeps the bytes that it got and says again what stood in
// them. Secrets are made anew for each run, so none of them stands in a file.

import assert from 'node:assert/strict';
import { generateKeyPairSync, randomInt } from 'node:crypto';
import { test } from 'node:test';
import OpenAI from 'openai';
import { echo, startUpstream, textsOf } from './upstream.mjs';

const { NENYA_BASE_URL: plain, NENYA_ACTIONS_URL: actions, RECORDER_ADDRESS: address } = process.env;
const upstream = await startUpstream(address);
const LABEL = '[REDACTED]';
const COMMAND = ['rm', '-rf', '/'].join(' ');
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const letters = (alphabet, count) => Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('');
const hello = (content) => [{ role: 'user', content }];
const client = (key = 'USER', baseURL = actions) => new OpenAI({ baseURL, apiKey: process.env[`KEY_${key}`], timeout: 30_000, maxRetries: 0 });
const ask = (model, messages, more = {}, key = 'USER') => client(key).chat.completions.create({ model, messages, ...more });
const standIns = () => new Set(upstream.last().match(/NENYA_[A-Z]+_[0-9A-Z]{12}/g));

/** Secrets, and a conversation that has them in all places. */
function someCase() {
  const keyId = `AKIA${letters(`${UPPER}234567`, 16)}`;
  const secret = letters(`${UPPER}${UPPER.toLowerCase()}0123456789`, 40);
  const mail = `${letters(UPPER.toLowerCase(), 8)}.jones@mail.example-${letters(UPPER.toLowerCase(), 5)}.org`;
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const pem = key.export({ type: 'pkcs1', format: 'pem' }).trim();
  const pair = `AWS_ACCESS_KEY_ID=${keyId}\nAWS_SECRET_ACCESS_KEY=${secret}`;
  const everything = `${pair}\nreply to ${mail} with \u201cthanks\u201d \u{1f511}\n${pem}\n`;
  const call = { id: 'call_1', type: 'function', function: { name: 'run', arguments: JSON.stringify({ script: everything, who: mail }) } };
  const messages = [
    { role: 'system', content: `You help with this account.\n${everything}` },
    { role: 'user', content: [{ type: 'text', text: `first: ${everything}` }, { type: 'text', text: `then write to ${mail}, please` }] },
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'call_1', content: `it printed\n${everything}` },
  ];
  const parts = [keyId, secret, mail, ...pem.split('\n').slice(1, -1)];
  return { keyId, secret, mail, pem, pair, messages, leaks: (sent) => parts.filter((part) => sent.includes(part)) };
}

/** A streamed reply put together. */
async function gathered(stream) {
  const choices = [];
  for await (const part of stream) {
    for (const { index, delta } of part.choices) {
      const mine = (choices[index] ??= { text: '', reasoning: '', tools: [] });
      mine.text += delta.content ?? '';
      mine.reasoning += delta.reasoning_content ?? '';
      for (const call of delta.tool_calls ?? []) {
        mine.tools[call.index] = (mine.tools[call.index] ?? '') + (call.function.arguments ?? '');
      }
    }
  }
  return choices;
}

/** The same of a reply in one piece. */
const whole = ({ choices }) =>
  choices.map(({ message }) => ({
    text: message.content ?? '',
    reasoning: message.reasoning_content,
    tools: (message.tool_calls ?? []).map((call) => call.function.arguments),
  }));

/** The reply in one piece, and streamed. */
async function bothWays(model, messages, check, more = {}) {
  check(whole(await ask(model, messages, more)));
  check(await gathered(await ask(model, messages, { ...more, stream: true })));
}

function assertIsEcho(choice, messages) {
  const said = textsOf(messages).join('\n--\n');
  assert.equal(choice.text, said);
  assert.equal(choice.reasoning, `They said: ${said}`);
  assert.deepEqual(choice.tools.map((text) => JSON.parse(text)), [{ text: said }, { list: [said, 7] }]);
}

test('a conversation full of secrets leaves without them and comes back whole', async () => {
  const { messages, leaks } = someCase();
  upstream.say = (request) => [echo(request.messages)];
  await bothWays('standing-in', messages, ([choice]) => {
    assert.deepEqual(leaks(upstream.last()), []);
    assertIsEcho(choice, messages);
  });
});

test('the streaming helper of the SDK puts the reply together', async () => {
  const { mail } = someCase();
  upstream.say = () => [{ text: `to ${standIns().values().next().value}` }];
  const runner = client().chat.completions.stream({ model: 'standing-in', messages: hello(mail) });
  assert.equal(await runner.finalContent(), `to ${mail}`);
});

test('a key has the same stand-ins in each request and other keys have others', async () => {
  const { messages } = someCase();
  upstream.say = (request) => [echo(request.messages)];
  const sent = [];
  for (const key of ['USER', 'USER', 'OTHER']) {
    await ask('standing-in', messages, {}, key);
    sent.push(standIns());
  }
  assert.equal(sent[0].size, 4);
  assert.deepEqual(sent[0], sent[1]);
  assert.deepEqual([...sent[2]].filter((one) => sent[0].has(one)), []);
});

test('choices that take turns keep apart', async () => {
  const cases = [someCase(), someCase()];
  const messages = cases.flatMap((one) => one.messages);
  upstream.say = (request) => [echo(request.messages.slice(0, 4)), echo(request.messages.slice(4))];
  const check = (choices) => {
    assert.deepEqual(cases.flatMap((one) => one.leaks(upstream.last())), []);
    assert.equal(choices.length, 2);
    cases.forEach((one, index) => assertIsEcho(choices[index], one.messages));
  };
  await bothWays('standing-in', messages, check, { n: 2 });
});

test('tool calls that take turns keep apart', async () => {
  const texts = [someCase(), someCase(), someCase()].map((one) => one.messages[0].content);
  const messages = texts.map((content) => ({ role: 'user', content }));
  upstream.say = (request) => [{ tools: textsOf(request.messages).map((text) => JSON.stringify({ text, more: [text] })) }];
  await bothWays('standing-in', messages, ([choice]) => {
    const read = choice.tools.map((text) => JSON.parse(text));
    assert.deepEqual(read, texts.map((text) => ({ text, more: [text] })));
  });
});

test('a blocked request is a bad request and is never sent', async () => {
  const before = upstream.received.length;
  await assert.rejects(ask('refusing', someCase().messages), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError, `${error}`);
    assert.equal(error.code, 'request_blocked');
    return true;
  });
  assert.equal(upstream.received.length, before);
});

test('a command in a streamed reply throws before it is said', async () => {
  for (const said of [{ text: `Now I run\n${COMMAND}\nand it is gone.` }, { tools: [JSON.stringify({ command: `cd x && ${COMMAND}` })] }]) {
    upstream.say = () => [said];
    let came = '';
    const stream = await ask('watching', hello('please'), { stream: true });
    const reading = async () => {
      for await (const part of stream) came += JSON.stringify(part.choices);
    };
    await assert.rejects(reading(), (error) => {
      assert.ok(error instanceof OpenAI.APIError, `${error}`);
      assert.equal(error.code, 'reply_blocked');
      return true;
    });
    assert.ok(came.length > 0 && !came.includes('rm -'), came);
  }
});

test('a command in a whole reply throws', async () => {
  upstream.say = () => [{ text: COMMAND }];
  await assert.rejects(ask('watching', hello('please')), { status: 403, code: 'reply_blocked' });
});

test('without configuration credentials become the label', async () => {
  const { messages, leaks, mail } = someCase();
  upstream.say = (request) => [echo(request.messages)];
  const { data, response } = await client('USER', plain).chat.completions.create({ model: 'recorder/m', messages }).withResponse();
  assert.deepEqual(leaks(upstream.last()).filter((leak) => leak !== mail), []);
  const said = data.choices[0].message.content;
  assert.ok(said.includes(`AWS_ACCESS_KEY_ID=${LABEL}\nAWS_SECRET_ACCESS_KEY=${LABEL}\nreply to ${mail}`), said);
  assert.equal(response.headers.get('x-nenya-redactions'), 'credential=12');
});

test('a secret that a model makes up is taken out of the reply', async () => {
  const { pair, pem } = someCase();
  upstream.say = () => [{ text: `use ${pair} and\n${pem}\nbye`, tools: [JSON.stringify({ text: pem })] }];
  await bothWays('standing-in', hello('make one up'), ([choice]) => {
    assert.equal(choice.text, `use AWS_ACCESS_KEY_ID=${LABEL}\nAWS_SECRET_ACCESS_KEY=${LABEL} and\n${LABEL}\nbye`);
    assert.deepEqual(JSON.parse(choice.tools[0]), { text: LABEL });
  });
});
