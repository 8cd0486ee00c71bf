/**
 * The server of the benchmark, a process of its own: answers `/<latency>/v1/completions` with one letter after so
 * many milliseconds (`0`, `50`, or `ln200`: lognormal with that median, the same sequence after every `/reset`). `mix`
 * answers at once with one of two letters.
 */
import { createServer } from 'node:http';

const SIGMA = 0.5;
const [REPLY, OTHER] = [' B', ' A'].map((text) =>
  Buffer.from(
    JSON.stringify({
      id: 'x',
      object: 'text_completion',
      created: 0,
      model: 'bench',
      choices: [{ index: 0, text, finish_reason: 'stop', logprobs: null }],
      usage: { prompt_tokens: 60, completion_tokens: 1, total_tokens: 61 },
    }),
  ),
);
const MODELS = Buffer.from(
  JSON.stringify({
    object: 'list',
    data: ['bench', 'base', 'sft', 'dpo', 'ppo', 'kto'].map((id) => ({
      id,
      object: 'model',
      owned_by: 'bench',
    })),
  }),
);
const HEADERS = { 'content-type': 'application/json', 'content-length': REPLY.length };
const NOTHING = Buffer.from('{"error":{"message":"there is nothing here"}}');

let count = 0;

const server = createServer((request, response) => {
  const [, latency = '0', ...path] = (request.url ?? '').split('/');
  request.resume();
  request.on('end', () => {
    if (latency === 'reset') {
      count = 0;
      response.end();
    } else if (path[1] === 'models') send(response, MODELS);
    else if (path[1] !== 'completions') send(response, NOTHING, 404);
    else if (latency === 'mix') send(response, unit(count++) < 0.4 ? OTHER : REPLY);
    else answer(response, delayOf(latency));
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));

function answer(response, delay) {
  if (delay <= 0) {
    response.writeHead(200, HEADERS);
    response.end(REPLY);
  } else setTimeout(answer, delay, response, 0);
}

function send(response, body, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function delayOf(latency) {
  if (!latency.startsWith('ln')) return Number(latency);
  const [a, b] = [unit(count * 2), unit(count * 2 + 1)];
  count++;
  return Number(latency.slice(2)) * Math.exp(SIGMA * Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b));
}

/** A number in (0, 1) that depends on the index alone (a mixing function of 32 bits). */
function unit(index) {
  let x = (index + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (((x ^ (x >>> 15)) >>> 0) + 0.5) / 2 ** 32;
}
