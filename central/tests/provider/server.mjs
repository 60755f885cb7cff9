// A real OpenID provider (oidc-provider, certified by the OpenID Foundation) for the tests, over TLS on this machine.
//
// Whoever asks is let in as the name typed on its page, by the methods (amr) typed beside it; everything else is the
// library's own. Keys are made anew at each start, so that starting it again rotates them.
//
// Must not: be reached from another machine, or judge anything that the central should judge.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const [modules, settingsFile] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(join(modules, 'oidc-provider', 'lib', 'index.js')));
const settings = JSON.parse(readFileSync(settingsFile, 'utf8'));

const server = createServer({ cert: readFileSync(settings.certificate), key: readFileSync(settings.key) });
await new Promise((listening) => server.listen(settings.port, '127.0.0.1', listening));
const issuer = `https://localhost:${server.address().port}`;

function fresh(kind, options) {
  const { privateKey } = generateKeyPairSync(kind, options);
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig' };
}

const provider = new Provider(issuer, {
  clients: [{
    client_id: settings.client_id,
    client_secret: settings.client_secret,
    redirect_uris: [settings.redirect_uri],
    id_token_signed_response_alg: settings.algorithm,
    token_endpoint_auth_method: settings.authentication,
  }],
  jwks: { keys: [fresh('rsa', { modulusLength: 2048 }), fresh('ec', { namedCurve: 'P-256' })] },
  cookies: { keys: [randomUUID()] },
  claims: { openid: ['sub', 'amr', 'acr'] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/who/${interaction.uid}` },
  // Whoever signs in has agreed that the central learns who it is, as in an office's own provider.
  async loadExistingGrant(context) {
    const { oidc } = context;
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});

const page = `<!doctype html><title>provider</title><form method="post">
<input id="who" name="who" autofocus><input id="methods" name="methods"><button id="in" name="answer" value="in">in</button>
<button id="no" name="answer" value="no">no</button></form>`;

const answer = provider.callback();
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/who/')) {
    answer(request, response);
    return;
  }
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html').end(page);
    return;
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  const form = new URLSearchParams(body);
  const amr = form.get('methods').split(' ').filter((method) => method);
  const result = form.get('answer') === 'no'
    ? { error: 'access_denied' }
    : { login: { accountId: form.get('who'), amr } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
});

console.log(`provider ready ${issuer}`);
