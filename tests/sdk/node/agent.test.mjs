// A real coding agent, `opencode`, makes an edit in a git repository of its own.
//
// The model is planted: it asks to read a file, then to change it, then says that it is done. The
// agent's own files are below a folder that goes away; whatever it would fetch from elsewhere goes
// to a proxy that only counts. See ../README.md.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const { DUMMY_URL: dummy, NENYA_BASE_URL: base, KEY_USER: key, FORMAT_TARGETS: targets, PATH } = process.env;
// The program alone, for the machine that the tests run on: the package around it has a script that
// runs at install, and packages for machines that not every registry has.
const AGENT = resolve('node_modules/opencode-linux-x64/bin/opencode');
const run = promisify(execFile);

// The packages that speak an API for the agent, which brings them along.
const CHAT = '@ai-sdk/openai-compatible';
const RESPONSES = '@ai-sdk/openai';
const MESSAGES = '@ai-sdk/anthropic';

const elsewhere = createServer((socket) => {
  strangers += 1;
  socket.destroy();
});
let strangers = 0;
before(async () => once(elsewhere.listen(0, '127.0.0.1'), 'listening'));
after(() => elsewhere.close());

async function post(path, value) {
  const reply = await fetch(`${dummy}${path}`, { method: 'POST', body: JSON.stringify(value) });
  assert.equal(reply.status, 200);
}

/** A repository with one commit, in a folder that goes away with the test. */
async function repository(context) {
  const folder = await mkdtemp(join(tmpdir(), 'agent-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const files = join(folder, 'repository');
  const git = (...words) => run('git', ['-C', files, '-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...words]);
  await run('git', ['init', '-q', files]);
  await writeFile(join(files, 'greeting.txt'), 'Hello world\nsecond line\n');
  await git('add', '.');
  await git('commit', '-q', '-m', 'One');
  return { folder, files, greeting: join(files, 'greeting.txt'), git };
}

/** The plugin that the agent would fetch for its own folder counts as installed. */
async function withoutPlugins(folder) {
  const own = join(folder, 'CONFIG', 'opencode');
  await mkdir(join(own, 'node_modules'), { recursive: true });
  const lock = { packages: { '': { dependencies: { '@opencode-ai/plugin': '*' } } } };
  await writeFile(join(own, 'package-lock.json'), JSON.stringify(lock));
}

function settings(api, address, apiKey, prefix) {
  const models = ['planted-edit', 'ok'].map((model) => prefix + model);
  const known = models.map((name) => [name, { name, tool_call: true, limit: { context: 100_000, output: 4000 } }]);
  return {
    autoupdate: false,
    share: 'disabled',
    enabled_providers: ['here'],
    model: `here/${models[0]}`,
    small_model: `here/${models[1]}`,
    provider: { here: { npm: api, name: 'here', options: { baseURL: address, apiKey }, models: Object.fromEntries(known) } },
  };
}

/** The agent alone: no files of the user, no updates, no reports, no way out. */
function environment(folder, config, address) {
  const proxy = `http://127.0.0.1:${elsewhere.address().port}`;
  const off = ['AUTOUPDATE', 'MODELS_FETCH', 'LSP_DOWNLOAD', 'DEFAULT_PLUGINS', 'SHARE', 'CLAUDE_CODE'];
  return {
    PATH,
    HOME: folder,
    ...Object.fromEntries(['CONFIG', 'DATA', 'CACHE', 'STATE'].map((kind) => [`XDG_${kind}_HOME`, join(folder, kind)])),
    ...Object.fromEntries(off.map((what) => [`OPENCODE_DISABLE_${what}`, '1'])),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
    DO_NOT_TRACK: '1',
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    NO_PROXY: `127.0.0.1,localhost,${new URL(address).hostname}`,
  };
}

async function edits(context, api, address, apiKey, prefix = '') {
  const { folder, files, greeting, git } = await repository(context);
  await withoutPlugins(folder);
  const change = { filePath: greeting, oldString: 'Hello world', newString: 'Hello agent' };
  await post('/_reset', {});
  await post('/_plant', {
    name: 'edit',
    turns: [
      { text: 'I read it first.', calls: [{ name: 'read', arguments: { filePath: greeting } }] },
      { calls: [{ name: 'edit', arguments: change }] },
      { text: 'The greeting is changed.' },
    ],
  });
  const env = environment(folder, settings(api, address, apiKey, prefix), address);
  const asked = run(AGENT, ['run', 'Greet the agent instead'], { cwd: files, env, timeout: 120_000 });
  asked.child.stdin.end();
  const { stdout } = await asked;
  assert.match(stdout, /The greeting is changed\./);
  assert.equal(await readFile(greeting, 'utf8'), 'Hello agent\nsecond line\n');
  assert.equal((await git('diff', '--name-only')).stdout, 'greeting.txt\n');
  const heard = await (await fetch(`${dummy}/_asked`)).json();
  assert.ok(heard.at(-1).body.includes('second line'), 'what it read never reached the model');
  assert.equal(strangers, 0, 'it wanted to go elsewhere');
  return heard;
}

const gateway = JSON.parse(targets).find((target) => target.upstreams);

test('an edit through the gateway', async (context) => {
  const heard = await edits(context, CHAT, base, key, 'dummy/');
  assert.ok(!JSON.stringify(heard).includes(key), 'the key of the client went to the provider');
});

// What the gateway is not asked for yet is tried without it, so that the agent's part stays right.
for (const api of gateway ? [] : [RESPONSES, MESSAGES]) {
  test(`an edit straight at the dummy, ${api}`, (context) => edits(context, api, `${dummy}/v1`, 'k'));
}

const crossed = [
  [CHAT, 'anthropic'],
  [CHAT, 'gemini'],
  [RESPONSES, 'gemini'],
  [MESSAGES, 'openai-chat'],
  [MESSAGES, 'bedrock-converse'],
];
for (const [api, upstream] of gateway ? crossed : []) {
  test(`an edit through the gateway, ${api} to ${upstream}`, (context) =>
    edits(context, api, `${gateway.url}/v1`, gateway.key, `${upstream}/`));
}
