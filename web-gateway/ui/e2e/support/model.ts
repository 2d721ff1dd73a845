/** A scripted language model over HTTP with fixed feedback, or without a reply. It quotes the answer, so that its result is
 * not discarded. */

import { createServer, type Server } from 'node:http';

/** The model: the words of the answer that it quotes, and its HTTP status. */
export interface ScriptedModel {
  url: string;
  quote: string;
  status: number;
  stop: () => void;
}

/** Starts a model that replies with `feedback` and `suggestion`. */
export async function startModel(feedback: string, suggestion: string): Promise<ScriptedModel> {
  const model: ScriptedModel = { url: '', quote: '', status: 200, stop: () => {} };
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      const content = JSON.stringify({
        scores: { correctness: 6, completeness: 6, quality: 6, communication: 6 },
        key_points: [{ point: 1, coverage: 1, evidence: model.quote }],
        mistakes: [],
        feedback,
        suggestions: [suggestion],
      });
      response.writeHead(model.status, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          id: 'x',
          object: 'chat.completion',
          created: 1,
          model: 'scripted',
          choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  model.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1/chat/completions`;
  model.stop = () => (server.closeAllConnections(), void server.close());
  return model;
}
