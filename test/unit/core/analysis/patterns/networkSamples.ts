import { printedSamples, raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const NETWORK_SAMPLES: readonly PatternSample[] = [
  ...raisedSamples([
    [
      'wandb-no-key',
      `${GITHUB}/allenai/comet-atomic-2020/issues/20`,
      'wandb.errors.UsageError: api_key not configured (no-tty). call wandb.login(key=[your_api_key])',
      'ValueError: api_key of the weather service not configured',
    ],
    [
      'huggingface-gated',
      `${GITHUB}/zylon-ai/private-gpt/issues/1985`,
      'OSError: You are trying to access a gated repo.\nMake sure to have access to it at https://huggingface.co/mistralai/Mistral-7B-Instruct-v0.2.\n401 Client Error. (Request ID: Root=1-66867938-63a777574abdc5a517fda5e0;15ff67d1-750c-4a78-854c-a4ab08dbe598)',
      'OSError: You are trying to access a closed file.',
    ],
    [
      'proxy-refused',
      `${GITHUB}/huggingface/huggingface_hub/issues/2625`,
      "requests.exceptions.ProxyError: (MaxRetryError(\"HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded with url: /x (Caused by ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 407 Proxy Authentication Required')))\"), '(Request ID: 18171222)')",
      'ValueError: proxy model not connected',
    ],
    [
      'tls-certificate',
      'python3.11, urllib to a server with a certificate of its own',
      'urllib.error.URLError: <urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)>',
      'ValueError: the certificate of the dataset is missing',
    ],
    [
      'tls-failed',
      'python3.11, urllib with https to a server without',
      'ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)',
      'ValueError: wrong version number in the header',
    ],
    [
      'name-not-resolved',
      'requests 2, a name that does not exist',
      "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='nonexistent.invalid', port=443): Max retries exceeded with url: /x (Caused by NameResolutionError(\"HTTPSConnection(host='nonexistent.invalid', port=443): Failed to resolve 'nonexistent.invalid' ([Errno -2] Name or service not known)\"))",
      "KeyError: 'name not known'",
    ],
    [
      'rate-limited',
      'python3.11, urllib to a server that answers 429',
      'urllib.error.HTTPError: HTTP Error 429: Too Many Requests',
      'urllib.error.HTTPError: HTTP Error 500: Internal Server Error',
    ],
    [
      'http-unauthorized',
      'python3.11, urllib to a server that answers 401',
      'urllib.error.HTTPError: HTTP Error 401: Unauthorized',
      'urllib.error.HTTPError: HTTP Error 404: Not Found',
    ],
    [
      'connection-refused',
      'requests 2, a port where nobody listens',
      "requests.exceptions.ConnectionError: HTTPConnectionPool(host='127.0.0.1', port=9): Max retries exceeded with url: /x (Caused by NewConnectionError(\"HTTPConnection(host='127.0.0.1', port=9): Failed to establish a new connection: [Errno 111] Connection refused\"))",
      'ValueError: the connection was refused by the validator',
    ],
    [
      'connection-lost',
      'python3.11, a server that closes at once',
      'http.client.RemoteDisconnected: Remote end closed connection without response',
      'ValueError: the connection of the two nodes is lost',
    ],
    [
      'no-route',
      `${GITHUB}/TianxingChen/G3Flow/issues/4`,
      'OSError: [Errno 101] Network is unreachable',
      'networkx.exception.NetworkXNoPath: node 3 is unreachable',
    ],
    [
      'connection-timed-out',
      'python3.11, urllib with a timeout to a server that is silent',
      'TimeoutError: timed out',
      'queue.Empty',
    ],
    [
      'download-damaged',
      'python3.11, urllib and a server that sends less than announced',
      'http.client.IncompleteRead: IncompleteRead(3 bytes read, 97 more expected)',
      'EOFError: incomplete record',
    ],
  ]),
  ...printedSamples([
    [
      'licence-server',
      `${GITHUB}/TIGRLab/admin/issues/188`,
      'License checkout failed.\nLicense Manager Error -15\nMATLAB is unable to connect to the license server.',
      'This file is under the MIT License; error 15 in line 3',
    ],
  ]),
];
