// The official Node SDKs against every format of an upstream, in the same scenarios.
//
// `FORMAT_TARGETS` says where: the dummy itself, where each SDK meets its own format, and the
// gateway, which has a provider for each format. See ../README.md.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { speakers } from './speakers.mjs';

const { DUMMY_URL: dummy, FORMAT_TARGETS: targets } = process.env;
const PLAIN = 'Air scatters short wavelengths more, so blue light reaches us from all directions.';
const OSLO = ['get_weather', { city: 'Oslo, Norway', unit: 'celsius' }];
const LIMA = ['get_weather', { city: 'Lima, Peru', unit: 'celsius' }];
const TOKYO = ['get_time', { timezone: 'Asia/Tokyo' }];
// What cutting and escaping can break.
const TEXT = 'na\u00efve \u{1f642} "quoted" \\n is no line end,\nthis is: \u2028 \u0001\u007f <>& {"a": [1.0]} \u{1f468}\u200d\u{1f469}';

function tool(name, properties) {
  const parameters = { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
  return { name, description: `Says what ${name} says.`, parameters };
}

const TOOLS = [
  tool('get_weather', { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } }),
  tool('get_time', { timezone: { type: 'string' } }),
];

const closedEarly = async () => (await (await fetch(`${dummy}/_seen`)).json()).closed_early;
let tries = 0;

function scenarios(speaker, target, prefix) {
  const client = speaker.client(target.url, target.key);
  const say = (model, turns, stream, tools) => speaker.say(client, prefix + model, turns, stream, tools);
  const ask = (model, text, stream, tools) => say(model, speaker.user(text), stream, tools);

  for (const stream of [false, true]) {
    const way = stream ? 'streamed' : 'whole';

    test(`a text, ${way}`, async () => {
      assert.equal((await ask('golden-plain', 'Why is the sky blue?', stream)).text, PLAIN);
      assert.equal((await ask('golden-plain+chunks=1', 'Why is the sky blue?', stream)).text, PLAIN);
    });

    test(`calls, ${way}`, async () => {
      assert.deepEqual((await ask('golden-tools-strict', 'Weather in Oslo?', stream, TOOLS)).calls, [OSLO]);
      assert.deepEqual((await ask('golden-tools-parallel', 'And elsewhere?', stream, TOOLS)).calls, [OSLO, LIMA, TOKYO]);
    });

    test(`every character comes back, ${way}`, async () => {
      assert.equal((await ask('echo-text+parts=1+chunks=7', TEXT, stream)).text, TEXT);
    });

    test(`a tool is called and its result told, ${way}`, async () => {
      const given = { city: '\u00c5lesund', unit: 'celsius' };
      const turns = speaker.user(JSON.stringify(given));
      const first = await say('tool+parts=2', turns, stream, TOOLS);
      assert.deepEqual(first.calls, [['get_weather', given]]);
      const results = speaker.results(first, '7 degrees, rain');
      const second = await say('tool+parts=2', [...turns, ...first.turns, ...results], stream, TOOLS);
      assert.deepEqual([second.text, second.calls], ['7 degrees, rain', []]);
    });

    test(`errors have their status, ${way}`, async () => {
      for (const [asked, statuses] of Object.entries(target.statuses)) {
        // A name of its own: what failed just now is not asked again at once.
        const model = `golden-error-${asked}+try=${process.pid}${tries++}`;
        const error = await ask(model, '?', stream).then(
          () => assert.fail(`${asked} went through`),
          (thrown) => thrown,
        );
        assert.ok(error instanceof speaker.failure, `${error}`);
        assert.ok(statuses.includes(error.status), `${error.status} for ${asked}`);
      }
    });
  }

  test('an error in a stream throws', async () => {
    await assert.rejects(ask('error-event', '?', true));
  });

  test('leaving a stream ends the call to the provider', async () => {
    const before = await closedEarly();
    const stream = await speaker.begin(client, `${prefix}delay-50-chunks-100000`, speaker.user('?'));
    for await (const _ of stream) break;
    stream.controller.abort();
    const end = Date.now() + 10_000;
    while ((await closedEarly()) !== before + 1) {
      assert.ok(Date.now() < end, 'the call never ended');
      await pause(10);
    }
  });
}

for (const target of JSON.parse(targets)) {
  for (const speaker of speakers) {
    for (const upstream of target.upstreams ?? [speaker.format]) {
      const prefix = target.upstreams ? `${upstream}/` : '';
      describe(`${target.name}: ${speaker.name} to ${upstream}`, () => scenarios(speaker, target, prefix));
    }
  }
}
