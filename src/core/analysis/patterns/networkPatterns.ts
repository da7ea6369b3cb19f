import { printed, raised, said, type FailurePattern } from './failurePattern';

const REQUESTS = 'https://requests.readthedocs.io/en/latest/user/advanced/#proxies';
const ERRNO = 'https://man7.org/linux/man-pages/man3/errno.3.html';

/** Networks, services, and their keys and licences. */
export const NETWORK_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'wandb-no-key',
    class: 'environment',
    matchers: said(/api_key not configured \(no-tty\)/u),
    explanation: 'Weights & Biases has no key on that machine, and nobody to ask for one.',
    advice: 'Run "wandb login" there once, or set WANDB_MODE=offline and sync later.',
    source: 'https://docs.wandb.ai/guides/track/environment-variables/',
  },
  {
    id: 'huggingface-gated',
    class: 'environment',
    matchers: said(/GatedRepoError|Cannot access gated repo|You are trying to access a gated repo/u),
    explanation: 'The model or data set on Hugging Face is gated, and this machine may not read it.',
    advice:
      'Accept its terms on its page, then run "hf auth login" on that machine, or download it once and set HF_HUB_OFFLINE=1.',
    source: 'https://huggingface.co/docs/hub/models-gated',
  },
  {
    id: 'licence-server',
    class: 'infrastructure',
    matchers: said(
      /License Manager Error (?<code>-?\d+)/u,
      /FlexNet Licensing error:? ?(?<code>-?[\d,]+)/u,
      /License checkout failed|Failed to connect to token server|All licenses (?:are )?in use|Licensed number of users already reached|No Gurobi license found|GurobiError: .*[Ll]icense/u,
    ),
    explanation: 'The program got no licence (error {code}).',
    advice:
      'Check that the licence server is reachable from that machine (firewall, LM_LICENSE_FILE) and has one free. If they were all in use, run fewer tasks at one time.',
    remedy: 'again',
    source: 'https://www.mathworks.com/support/search.html?q=license%20manager%20error%20-15',
  },
  {
    id: 'proxy-refused',
    class: 'environment',
    matchers: said(
      /Tunnel connection failed: (?<status>\d+)/u,
      /\b(?<status>407) Proxy Authentication Required/u,
      /\bProxyError\b/u,
    ),
    explanation: 'The proxy of that machine did not let the connection through ({status}).',
    advice:
      'Check http_proxy, https_proxy and no_proxy in the setup of the source, and whether compute nodes may reach the network at all.',
    source: REQUESTS,
  },
  {
    id: 'tls-certificate',
    class: 'environment',
    matchers: said(
      /CERTIFICATE_VERIFY_FAILED|certificate verify failed|SSL certificate problem|self[- ]signed certificate/iu,
    ),
    explanation: 'The certificate of a server could not be verified.',
    advice:
      'Update certifi or ca-certificates there. Behind a proxy that replaces certificates set REQUESTS_CA_BUNDLE and SSL_CERT_FILE to its certificate. A wrong clock looks the same.',
    source: 'https://docs.python.org/3/library/ssl.html#ssl.SSLCertVerificationError',
  },
  {
    id: 'tls-failed',
    class: 'infrastructure',
    matchers: [raised(/\bSSLError\b|\bSSLEOFError\b|SSL: [A-Z_]{6,}/u)],
    explanation: 'An encrypted connection could not be made or broke off.',
    advice:
      'Try the address with "curl -v" from that machine. Suspect a proxy, a firewall or very old libraries.',
    remedy: 'again',
    source: 'https://docs.python.org/3/library/ssl.html#exceptions',
  },
  {
    id: 'name-not-resolved',
    class: 'infrastructure',
    matchers: said(
      /Failed to resolve '(?<host>[^']+)'/u,
      /Could not resolve host(?:name)?:? (?<host>[\w.-]+)/u,
      /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (?<host>[\w.-]+)/u,
      /Name or service not known|Temporary failure in name resolution|nodename nor servname provided|NameResolutionError/u,
    ),
    explanation: 'The name of a server could not be looked up: {host}.',
    advice:
      'Compute nodes often have no network to the outside: download data and models beforehand and set HF_HUB_OFFLINE=1 or WANDB_MODE=offline. Else check the name.',
    source: 'https://man7.org/linux/man-pages/man3/getaddrinfo.3.html',
  },
  {
    id: 'rate-limited',
    class: 'infrastructure',
    matchers: said(/429 (?:Client Error|Too Many Requests)|HTTP Error 429|Too Many Requests/u),
    explanation: 'A service was asked too often and refused.',
    advice:
      'Download what all tasks need once, before the sweep; log in where that raises the limit; run fewer tasks at one time.',
    remedy: 'again',
    source: 'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Status/429',
  },
  {
    id: 'http-unauthorized',
    class: 'environment',
    matchers: said(/\b40[13] Client Error\b|HTTP Error 40[13]\b|403 Forbidden|401 Unauthorized/u),
    explanation: 'A service refused the request: no key, or one without the right to it.',
    advice: 'Check that the key or login that this service needs exists on that machine, too.',
    source: 'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Status/401',
  },
  {
    id: 'http-not-found',
    class: 'environment',
    matchers: said(
      /\b404 Client Error\b|HTTP Error 404\b|\bRepositoryNotFoundError\b|\bEntryNotFoundError\b/u,
      /^curl: \(22\) The requested URL returned error: 404|\bERROR 404: Not Found/u,
    ),
    explanation: 'A server has nothing at the address that the task asked for (404).',
    advice:
      'Check the address, or the name of the model or data set, and its version. Some services say this, too, of what one may not see.',
    source: 'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Status/404',
  },
  {
    id: 'http-server-error',
    class: 'infrastructure',
    matchers: said(
      /\b(?<status>5\d\d) Server Error\b/u,
      /HTTP Error (?<status>5\d\d)\b/u,
      /^curl: \(22\) The requested URL returned error: (?<status>5\d\d)/u,
      /\bERROR (?<status>5\d\d): /u,
    ),
    explanation: 'A server answered that it failed itself ({status}).',
    advice:
      'Rerun it later. If all tasks ask at once, run fewer at one time, or download once before the sweep.',
    remedy: 'again',
    source: 'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Status#server_error_responses',
  },
  {
    id: 'connection-refused',
    class: 'infrastructure',
    matchers: said(/Connection refused|ECONNREFUSED|Errno 111\b/u),
    explanation: 'Nothing accepted the connection at the address that the task called.',
    advice:
      'Check that the server runs and that host and port are right as seen from that machine: localhost there is not your machine.',
    source: ERRNO,
  },
  {
    id: 'connection-lost',
    class: 'infrastructure',
    matchers: said(
      /Connection reset by peer|ECONNRESET|Errno 104\b|Remote end closed connection without response|Connection aborted|Broken pipe|Errno 32\b|Connection closed by remote/u,
    ),
    explanation: 'The other side closed a connection.',
    advice:
      'Rerun it. If it comes again, look why the other side ended: another process of the task may have failed first.',
    remedy: 'again',
    source: ERRNO,
  },
  {
    id: 'no-route',
    class: 'infrastructure',
    matchers: said(
      /Network is unreachable|No route to host|Errno 101\b|Errno 113\b|ENETUNREACH|EHOSTUNREACH/u,
    ),
    explanation: 'That machine has no way to the address.',
    advice: 'Compute nodes often have no network to the outside: download data and models beforehand.',
    source: ERRNO,
  },
  {
    id: 'connection-timed-out',
    class: 'infrastructure',
    matchers: said(
      /Connection timed out|ConnectTimeout|ReadTimeout|Read timed out|ETIMEDOUT|Errno 110\b|TimeoutError: (?:timed out|The read operation timed out)/u,
    ),
    explanation: 'A server did not answer in time.',
    advice: 'Check that the machine may reach it (firewall, proxy), then rerun it.',
    remedy: 'again',
    source: ERRNO,
  },
  {
    id: 'download-damaged',
    class: 'infrastructure',
    matchers: [
      raised(/IncompleteRead|hash(?:es)? (?:mismatch|do not match)|invalid hash value|ContentTooShortError/u),
      printed(/THESE PACKAGES DO NOT MATCH THE HASHES/u),
    ],
    explanation: 'A file arrived incomplete or different from what was announced.',
    advice:
      'Remove it from the cache and download it once before the sweep: tasks that download the same file side by side damage it.',
    remedy: 'again',
    source: 'https://docs.python.org/3/library/http.client.html#http.client.IncompleteRead',
  },
];
