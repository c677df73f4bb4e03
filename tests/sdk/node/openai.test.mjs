// The official Node SDK against the built gateway.
//
// Each test is one thing that a user of the SDK does. The addresses and keys come in variables
// from the runner, see README.md.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import OpenAI from 'openai';

const { NENYA_BASE_URL: baseURL, DUMMY_URL: dummy } = process.env;
const messages = [{ role: 'user', content: 'hello' }];
const GREETING = 'Hello from the dummy.';

const client = (key = 'USER', settings = {}) =>
  new OpenAI({ baseURL, apiKey: process.env[`KEY_${key}`] ?? key, timeout: 20_000, maxRetries: 0, ...settings });
const ask = (model, key, more = {}) => client(key).chat.completions.create({ model, messages, ...more });
const seen = async () => (await fetch(`${dummy}/_seen`)).json();

async function untilSeen(counter, value) {
  const end = Date.now() + 10_000;
  while ((await seen())[counter] !== value) {
    assert.ok(Date.now() < end, `${counter} never became ${value}`);
    await pause(10);
  }
}

async function text(stream) {
  let all = '';
  for await (const chunk of stream) all += chunk.choices[0]?.delta?.content ?? '';
  return all;
}

async function refused(kind, status, code, call) {
  const error = await call().then(
    () => assert.fail('it went through'),
    (thrown) => thrown,
  );
  assert.ok(error instanceof kind, `${error}`);
  assert.deepEqual([error.status, error.code], [status, code], `${error}`);
  assert.ok(error.requestID);
  return error;
}

test('a whole answer has text and usage', async () => {
  const answer = await ask('dummy/ok');
  assert.equal(answer.choices[0].message.content, GREETING);
  assert.equal(answer.usage.total_tokens, 14);
  assert.ok(answer._request_id);
});

test('a streamed answer comes in pieces', async () => {
  assert.equal(await text(await ask('dummy/chunks-25', 'USER', { stream: true })), 'word '.repeat(25));
});

test('usage of a stream comes if it was asked for', async () => {
  const stream = await ask('dummy/tokens-42', 'USER', { stream: true, stream_options: { include_usage: true } });
  let usage;
  for await (const chunk of stream) usage = chunk.usage ?? usage;
  assert.equal(usage.completion_tokens, 42);
});

test('an agent moves on when its first model fails', async () => {
  assert.equal((await ask('failing-over')).choices[0].message.content, GREETING);
  assert.equal(await text(await ask('failing-over', 'USER', { stream: true })), GREETING);
});

test('models are listed as the key may use them', async () => {
  const ids = async (key) => {
    const all = [];
    for await (const model of client(key).models.list()) all.push(model.id);
    return all;
  };
  assert.ok((await ids('USER')).includes('failing-over'));
  assert.deepEqual(await ids('SCOPED'), ['build']);
});

test('errors are the errors of the SDK', async () => {
  await refused(OpenAI.AuthenticationError, 401, 'invalid_api_key', () => ask('dummy/ok', 'nk-unknown-0123456789abcdef'));
  await refused(OpenAI.PermissionDeniedError, 403, 'role_not_allowed', () => ask('dummy/ok', 'READER'));
  await refused(OpenAI.PermissionDeniedError, 403, 'agent_not_allowed', () => ask('dummy/ok', 'SCOPED'));
  await refused(OpenAI.NotFoundError, 404, 'model_not_found', () => ask('nobody-knows-it'));
  await refused(OpenAI.InternalServerError, 502, 'provider_error', () => ask('dummy/status-500'));
});

test('a limit says when to come back', async () => {
  await ask('dummy/ok', 'LIMITED');
  const error = await refused(OpenAI.RateLimitError, 429, 'request_limit', () => ask('dummy/ok', 'LIMITED'));
  assert.ok(Number(error.headers.get('retry-after')) > 0);
});

test('a failing provider is tried again by the SDK', async () => {
  const answer = await client('USER', { maxRetries: 2 }).chat.completions.create({ model: 'dummy/fail-1', messages });
  assert.equal(answer.choices[0].message.content, GREETING);
});

test('a stream that is cut throws', async () => {
  const stream = await ask('dummy/cut-after-3', 'USER', { stream: true });
  await assert.rejects(text(stream), /incomplete/);
});

test('an aborted stream ends the call to the provider', async () => {
  const before = (await seen()).closed_early;
  const stream = await ask('dummy/delay-50-chunks-100000', 'USER', { stream: true });
  for await (const _ of stream) break;
  stream.controller.abort();
  await untilSeen('closed_early', before + 1);
});

test('an aborted request ends the call to the provider', async () => {
  const before = (await seen()).closed_early;
  const stop = new AbortController();
  const asked = client().chat.completions.create({ model: 'dummy/stall', messages }, { signal: stop.signal });
  await untilSeen('open', 1);
  stop.abort();
  await assert.rejects(asked, OpenAI.APIUserAbortError);
  await untilSeen('closed_early', before + 1);
});
