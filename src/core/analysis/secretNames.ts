/** Whether the value of a name opens doors. `perhaps`: the name also means harmless things; the value's look decides. */
export type Secrecy = 'yes' | 'perhaps' | 'no';

const SECRET_WORDS = set(
  'password passwd passphrase passcode pwd secret secrets credential credentials apikey',
);
/** In front of `key`. A key alone is one of a map. */
const KEY_WORDS = set(
  'api access secret private auth account encryption signing ssh master storage license subscription',
);
/** In front of `token`. A token alone is mostly a piece of text. */
const TOKEN_WORDS = set('auth access api bearer refresh secret session security jwt bot deploy personal id');
/** Whose keys and tokens they are. */
const ISSUERS = set(
  'openai anthropic hf huggingface github gitlab wandb pypi npm slack comet neptune kaggle cohere gemini mistral groq deepseek replicate together openrouter stripe twilio sendgrid azure aws gcp google docker dockerhub mlflow clearml modal lambda runpod',
);
/** Upper-case names end in `_KEY` and `_TOKEN` for secrets, but for these. */
const HARMLESS_BEFORE = set(
  'primary foreign sort partition public cache index hot metric monitor dict data sample label group row column object lookup pad eos bos cls sep unk mask max min num n special stop start end next last first per new',
);
/** Upper-case words that end like `PGPASS` and are none. */
const NO_PASS = /(?:by|com|tres|sur|encom|low|high|band|multi|one|two|over|under)pass$/u;

/** Before the name of what they turn on and off: USE_JWT. */
const SWITCHES = set('use enable disable allow verify require with no has skip');

/** One of them is in every name of a secret. */
const SECRET_PARTS = ['pass', 'pwd', 'secret', 'credential', 'key', 'token', 'jwt'];

/** Whether a name, or any name in a text, may be one of a secret: false spares the closer look. */
export function mayNameSecret(text: string): boolean {
  const lower = text.toLowerCase();
  return SECRET_PARTS.some((part) => lower.includes(part));
}

/**
 * What is known of a value by its name: of a parameter, a variable of the environment, a key of a configuration. Words in
 * it may be told apart by `_`, `-`, `.` or capitals.
 */
export function secrecyOf(name: string): Secrecy {
  if (!mayNameSecret(name)) return 'no';
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  const isUpper = /[A-Z]/u.test(name) && !/[a-z]/u.test(name);
  // The shell's own: the current directory.
  if (isUpper && /^(?:OLD)?PWD$/u.test(name)) return 'no';
  if (SECRET_WORDS.has(last) || /(?:password|passwd|passphrase)$/u.test(last)) return 'yes';
  if (isUpper && /(?:secret|pwd)$/u.test(last)) return 'yes';
  if (last === 'pass' || (isUpper && last.endsWith('pass') && !NO_PASS.test(last))) return 'yes';
  if (last === 'jwt') return isUpper && !SWITCHES.has(before) ? 'yes' : 'perhaps';
  if (isUpper && words.length === 1 && last === 'token') return 'yes';
  if (last === 'key' || last === 'token') return keyOrToken(last, before, isUpper);
  return 'no';
}

function keyOrToken(last: 'key' | 'token', before: string, isUpper: boolean): Secrecy {
  if ((last === 'key' ? KEY_WORDS : TOKEN_WORDS).has(before) || ISSUERS.has(before)) return 'yes';
  if (isUpper && before !== '' && !HARMLESS_BEFORE.has(before)) return 'yes';
  return last === 'token' ? 'perhaps' : 'no';
}

/** `awsSecretAccessKey`, `AWS_SECRET_ACCESS_KEY` and `aws.secret-access-key` are the same words; so is `password2`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/gu, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/gu, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .map((word) => word.replace(/\d+$/u, ''))
    .filter((word) => word !== '');
}

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
