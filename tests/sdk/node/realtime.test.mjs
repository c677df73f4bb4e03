// Realtime sessions of the official Node SDK against the built gateway.
//
// The provider behind it is the dummy, which says what its model's name tells it to. The addresses
// and keys come in variables from the runner, see README.md.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import WebSocket from 'ws';

const { NENYA_BASE_URL: plain, NENYA_ACTIONS_URL: actions, DUMMY_URL: dummy } = process.env;
const MAIL = ['bob.ray', 'host-example.com'].join('@');

function connect(model, { key = 'USER', baseURL = plain } = {}) {
  const client = new OpenAI({ baseURL, apiKey: process.env[`KEY_${key}`] ?? key });
  // The SDK opens `wss` whatever its address says; the gateway of these tests has no certificate.
  const { hostname, port } = new URL(baseURL);
  const createConnection = () => net.connect(Number(port), hostname);
  const session = new OpenAIRealtimeWS({ model, options: { createConnection } }, client);
  // Whoever expects an error listens for it; without a listener it would end the process.
  session.on('error', () => {});
  return session;
}

const message = (text) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });

/** Says a text and asks for a response; gives all events until it is done. */
async function ask(session, text) {
  if (session.socket.readyState !== WebSocket.OPEN) await once(session.socket, 'open');
  const events = [];
  const done = new Promise((resolve, reject) => {
    session.on('event', (event) => {
      events.push(event);
      if (event.type === 'response.done') resolve(events);
    });
    session.socket.on('close', (code, reason) => reject(new Error(`${code} ${reason}`)));
  });
  session.send({ type: 'conversation.item.create', item: message(text) });
  session.send({ type: 'response.create' });
  return done;
}

const joined = (events, type) =>
  events
    .filter((event) => event.type === type)
    .map((event) => event.delta)
    .join('');

async function closed(session) {
  const gone = once(session.socket, 'close');
  session.close();
  return gone;
}

test('a text comes in pieces and whole and is counted', async () => {
  const session = connect('dummy/echo-text');
  const events = await ask(session, 'one, two and three');
  assert.equal(joined(events, 'response.output_text.delta'), 'one, two and three');
  const { response } = events.at(-1);
  assert.equal(response.usage.total_tokens, 15);
  assert.equal(response.output[0].content[0].text, 'one, two and three');
  const [code] = await closed(session);
  assert.equal(code, 1000);
});

test('a function is called', async () => {
  const session = connect('dummy/echo-tool+parts=2');
  const events = await ask(session, 'Oslo');
  const [call] = events.at(-1).response.output;
  assert.deepEqual(JSON.parse(call.arguments), { text: 'Oslo' });
  assert.equal(joined(events, 'response.function_call_arguments.delta'), call.arguments);
  await closed(session);
});

test('a close is quick on both sides', async () => {
  const session = connect('dummy/ok');
  await once(session.socket, 'open');
  const began = Date.now();
  await closed(session);
  assert.ok(Date.now() - began < 1000, `${Date.now() - began} ms`);
});

test('a handshake that is refused is an error', async () => {
  const session = connect('dummy/ok', { key: 'nobody' });
  const [error] = await once(session.socket, 'error');
  assert.match(error.message, /401/);
});

test('an error of the API is an event and the session goes on', async () => {
  const session = connect('dummy/echo-text');
  await once(session.socket, 'open');
  const told = new Promise((resolve) => session.on('error', resolve));
  session.send({ type: 'nonsense', event_id: 'mine' });
  const { error } = await told;
  assert.deepEqual([error.code, error.event_id], ['invalid_value', 'mine']);
  assert.equal(joined(await ask(session, 'on'), 'response.output_text.delta'), 'on');
  await closed(session);
});

test('stand-ins go out and values come back', async () => {
  const session = connect('speaking', { baseURL: actions });
  const events = await ask(session, `mail ${MAIL} please`);
  assert.equal(joined(events, 'response.output_text.delta'), `mail ${MAIL} please`);
  await closed(session);
  const sent = await (await fetch(`${dummy}/_asked`)).text();
  assert.ok(!sent.includes(MAIL) && sent.includes('NENYA_EMAIL_'));
});

test("a browser's way to send its key works", async () => {
  const url = `${plain.replace('http', 'ws')}/realtime?model=dummy/echo-text`;
  const socket = new WebSocket(url, ['realtime', `openai-insecure-api-key.${process.env.KEY_USER}`]);
  const [data] = await once(socket, 'message');
  assert.equal(socket.protocol, 'realtime');
  assert.equal(JSON.parse(data).type, 'session.created');
  socket.close(1000);
  await once(socket, 'close');
});
