import assert from 'node:assert/strict';
import {
  redactCommand,
  redactSecrets,
  redactValue,
  secretValues,
} from '../../../../src/core/analysis/redact';

function checkRedacted(text: string, expected: string): void {
  assert.equal(redactSecrets(text), expected);
}

function checkKept(text: string): void {
  assert.equal(redactSecrets(text), text);
}

describe('redactSecrets', () => {
  it('hides the value of a name that means a secret', () => {
    checkRedacted('run --api-key=abc123 --lr 0.1', 'run --api-key=[redacted] --lr 0.1');
    checkRedacted('WANDB_API_KEY=0123456789abcdef python x', 'WANDB_API_KEY=[redacted] python x');
    checkRedacted('password=hunter2, user=me', 'password=[redacted], user=me');
    checkRedacted("db.password: 'two words' x", 'db.password: [redacted] x');
    checkRedacted('{"secret": "abc", "lr": 1}', '{"secret": [redacted], "lr": 1}');
    checkRedacted('AWS_SECRET_ACCESS_KEY=abc/def+1', 'AWS_SECRET_ACCESS_KEY=[redacted]');
    checkRedacted('x --password hunter2 y', 'x --password [redacted] y');
    checkRedacted('HF_TOKEN=abc', 'HF_TOKEN=[redacted]');
    checkRedacted('token=a1b2c3d4e5f6a7b8', 'token=[redacted]');
  });

  it('knows a secret by its name however its words are joined', () => {
    checkRedacted('PGPASSWORD=abc psql', 'PGPASSWORD=[redacted] psql');
    checkRedacted('SSHPASS=abc sshpass -e ssh', 'SSHPASS=[redacted] sshpass -e ssh');
    checkRedacted('clientSecret=abc', 'clientSecret=[redacted]');
    checkRedacted('{"dbPassword": "abc", "lr": 1}', '{"dbPassword": [redacted], "lr": 1}');
    checkRedacted('awsSecretAccessKey: abc', 'awsSecretAccessKey: [redacted]');
    checkRedacted('OPENAI_KEY=abc MY_SERVICE_TOKEN=abc', 'OPENAI_KEY=[redacted] MY_SERVICE_TOKEN=[redacted]');
    checkRedacted(
      'MYSQL_PWD=abc db_pass=abc password2=abc',
      'MYSQL_PWD=[redacted] db_pass=[redacted] password2=[redacted]',
    );
    checkRedacted('{\\"api_key\\": \\"abc\\", \\"x\\": 1}', '{\\"api_key\\": [redacted], \\"x\\": 1}');
    checkRedacted('url=https://h/p?password=abc&x=1', 'url=https://h/p?password=[redacted]&x=1');
  });

  it('leaves what the system says of a file with such a name', () => {
    checkKept('cat: secret: Permission denied');
    checkKept('open /run/token: no such file or directory (os error 2)');
    checkRedacted('secret: Permission', 'secret: [redacted]');
    checkRedacted('secret=Permission denied', 'secret=[redacted] denied');
  });

  it('hides the whole value', () => {
    checkRedacted('password=ab,cd;ef next', 'password=[redacted] next');
    checkRedacted(String.raw`password="pa\"ss" x`, 'password=[redacted] x');
    checkRedacted(String.raw`password='it\'s' x`, 'password=[redacted] x');
    checkRedacted("login(password='a b', user='c')", "login(password=[redacted], user='c')");
    checkRedacted("secret=b'a b' x", 'secret=[redacted] x');
    checkRedacted('password="cut off', 'password=[redacted]');
    checkRedacted('password="cut off\nnext="x"', 'password=[redacted]\nnext="x"');
    checkRedacted('password=\nnext', 'password=\nnext');
    checkRedacted('(password=abc)', '(password=[redacted])');
  });

  it('hides what stands after a command or in an address that takes a secret', () => {
    const hex = '0123456789abcdef0123456789abcdef01234567';
    checkRedacted(`+ wandb login ${hex}`, '+ wandb login [redacted]');
    checkRedacted(`wandb login --relogin ${hex}`, 'wandb login --relogin [redacted]');
    checkRedacted('sshpass -p hunter2 ssh me@host', 'sshpass -p [redacted] ssh me@host');
    checkRedacted('curl -u bob:secret https://h', 'curl -u bob:[redacted] https://h');
    checkRedacted('clone https://TOKEN@github.com/a/b', 'clone https://[redacted]@github.com/a/b');
    checkRedacted('clone https://me:p@ss@github.com/a/b', 'clone https://me:[redacted]@github.com/a/b');
    checkRedacted(
      'POST https://hooks.slack.com/services/T00/B00/XXXX failed',
      'POST https://hooks.slack.com/services/[redacted] failed',
    );
    checkRedacted(
      'GET https://b.s3.amazonaws.com/k?X-Amz-Credential=a%2Fb&X-Amz-Date=1&X-Amz-Signature=abc',
      'GET https://b.s3.amazonaws.com/k?X-Amz-Credential=[redacted]&X-Amz-Date=1&X-Amz-Signature=[redacted]',
    );
    checkRedacted(
      'https://x.blob.core.windows.net/c?sv=1&sig=a%3D',
      'https://x.blob.core.windows.net/c?sv=1&sig=[redacted]',
    );
  });

  it('hides values that are known to be secret, wherever they stand', () => {
    const known = secretValues({ DB_PASSWORD: 'tr/u"ck', LR: '0.0001', A_KEY: 'short', B_KEY: 'default' });
    assert.equal(
      redactSecrets('x tr/u"ck tr%2Fu%22ck tr/u\\"ck 0.0001 short', known),
      'x [redacted] [redacted] [redacted] 0.0001 short',
    );
  });

  it('hides tokens that are known by their shape, whatever they are called', () => {
    // Put together here, so that no scanner takes the samples for real ones.
    const letters = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9';
    for (const token of [
      `hf_${letters}`,
      `ghp_${letters}`,
      `github_pat_${letters}`,
      `glpat-${letters}`,
      `sk-proj-${letters}`,
      ['sk', 'live', letters].join('_'),
      ['AKIA', 'ABCDEFGH12345678'].join(''),
      `xoxb-${letters}`,
      `eyJ${letters}.${letters}.${letters}`,
    ]) {
      checkRedacted(`login with ${token} failed`, 'login with [redacted] failed');
    }
  });

  it('hides passwords in addresses and authorisation headers', () => {
    checkRedacted('clone https://me:pw1@host/x', 'clone https://me:[redacted]@host/x');
    checkRedacted('Authorization: Bearer abcdefghijklmnop', 'Authorization: Bearer [redacted]');
  });

  it('hides a private key over its lines', () => {
    checkRedacted(
      'a\n-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nb',
      'a\n[redacted]\nb',
    );
  });

  it('keeps hyperparameters whose names only sound like secrets', () => {
    checkKept(
      'tokenizer=bert max_tokens=512 token_dim=64 pad_token=<pad> cls_token=[CLS] n_tokens=1000000000000',
    );
    checkKept('key=3 keys=[1] keyboard=us author=me secretary=x passes=3 bypass=true');
    checkKept("key=value in a KeyError: 'key'");
    checkKept(
      'MONKEY=1 monkey=1 SORT_KEY=name PRIMARY_KEY=id PAD_TOKEN=<pad> MAX_TOKENS=512 BYPASS=1 COMPASS=N',
    );
    checkKept('PWD=/home/me OLDPWD=/tmp first pass: loading, pass: ok, secretary: ada, passenger=3');
    checkKept('def login(user, password: str, token: str = None):');
    checkKept('sort --key 2 --max-tokens 512 --tokenizer bert --author ada');
    checkKept('docker run -u 1000:1000 image; ssh://git@github.com/a/b git@github.com:a/b');
    checkKept('sk-learn task-1 eyJ AKIA1');
    checkKept('commit 59185ea0123456789abcdef0123456789abcdef0');
    checkKept('http://localhost:8080/a@b');
  });
});

describe('redactSecrets on what has no sign between name and value', () => {
  const hex = '9f86d081884c7d659a2feaa0c55ad015';
  const letters = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9';

  it('hides a password that a database client is given, and keeps other options', () => {
    checkRedacted('+ mysql -u me -phunter2 db', '+ mysql -u me -p[redacted] db');
    checkRedacted("/usr/bin/mysqldump -p'two words' db", '/usr/bin/mysqldump -p[redacted] db');
    checkKept('mysql -u me -p db; mysql -P3306 db; mysql --port=3306');
    checkKept('mkdir -pv a; ssh -p22 host; pip install mysql-connector -pre');
    assert.deepEqual(redactCommand(['mysql', '-phunter2', 'db']), ['mysql', '-p[redacted]', 'db']);
    assert.deepEqual(redactCommand(['mkdir', '-pv', 'db']), ['mkdir', '-pv', 'db']);
  });

  it('hides cookies, and keeps what is said of them', () => {
    checkRedacted('> Cookie: session=abc; id=3', '> Cookie: [redacted]');
    checkRedacted('Set-Cookie: sid=abc; Path=/', 'Set-Cookie: [redacted]');
    checkRedacted("{'Cookie': 'session=abc', 'x': 1}", "{'Cookie': '[redacted]', 'x': 1}");
    checkRedacted('curl --cookie session=abc https://h', 'curl --cookie session=[redacted] https://h');
    checkKept('Cookie: accepted, cookies: 3, cookie jar=x');
    assert.deepEqual(redactCommand(['curl', '-H', 'Cookie:session=abc']), [
      'curl',
      '-H',
      'Cookie:[redacted]',
    ]);
  });

  it('hides keys of mail services and tokens of schedulers', () => {
    checkRedacted(`SG.${letters}.${letters} x`, '[redacted] x');
    checkRedacted('SLURM_JWT=abc srun', 'SLURM_JWT=[redacted] srun');
    checkKept('SG.loss SG.a.b USE_JWT=1 jwt=off');
  });

  it('hides what is said to be a secret and looks like one', () => {
    checkRedacted(`the api_key is ${hex}.`, 'the api_key is [redacted]');
    checkRedacted(`set wandb_api_key to ${hex}`, 'set wandb_api_key to [redacted]');
    checkRedacted(`wandb_api_key was now set to ${hex}`, 'wandb_api_key was now set to [redacted]');
    checkRedacted("reset the password to 'hunter2'", 'reset the password to [redacted]');
    checkRedacted(`neptune_api_token eyJ${letters}=`, 'neptune_api_token [redacted]');
    checkRedacted("with passphrase 'correct horse' it", 'with passphrase [redacted] it');
    checkRedacted('using password "hunter2"', 'using password [redacted]');
    checkKept('the api_key is invalid, the password is wrong, password authentication failed');
    checkKept('set password to continue, the api_key is set to the default, password was set');
    checkKept("secret 'database-2' was not found; api_key not_set_in_layer_2");
    checkKept(`the checkpoint is ${hex}, token ${hex}, key is ${hex}`);
    checkKept("KeyError: 'password' 'x'");
  });

  it('hides the block of a YAML file, and keeps what follows', () => {
    checkRedacted('a: 1\nsecret_key: |\n  one\n  two\nb: 2', 'a: 1\nsecret_key: |\n  [redacted]\nb: 2');
    checkRedacted('x:\n  password: >-\n    one', 'x:\n  password: >-\n    [redacted]\n');
    checkKept('description: |\n  one\n  two\nb: 2');
    checkKept('secret_key: |\nb: 2');
  });

  it('hides the block whatever its header says of it', () => {
    for (const header of ['|2-', '|-2', '>+', '>9', '|  # c', '|- # c', '|2+ #', '|\r'])
      checkRedacted(`password: ${header}\n  one two\nb: 2`, `password: ${header}\n  [redacted]\nb: 2`);
    checkRedacted('secret: !!binary |\n  one\nb: 2', 'secret: [redacted] |\n  [redacted]\nb: 2');
    checkRedacted('secret: &a !t >-\n  one\nb: 2', 'secret: [redacted] !t >-\n  [redacted]\nb: 2');
    checkRedacted('- -  password: |2-\n       one\n  b: 2', '- -  password: |2-\n       [redacted]\n  b: 2');
    checkKept('description: |2-  # c\n  one\n\n  two\nb: 2');
  });

  it('hides the block beyond its empty lines, and keeps those behind it', () => {
    checkRedacted('secret: |\n\n  one\n \n\n  two\n\nb: 2', 'secret: |\n  [redacted]\n\nb: 2');
    checkRedacted(' secret: |\n   one\n\n \n two: 2', ' secret: |\n   [redacted]\n\n \n two: 2');
    checkKept('secret: |\n\n\nb: 2');
  });

  it('hides a short value of the environment’s TOKEN, and keeps a heading', () => {
    checkRedacted("{'TOKEN': 'zzz', 'lr': 1}", "{'TOKEN': [redacted], 'lr': 1}");
    checkRedacted('TOKEN=zzz run', 'TOKEN=[redacted] run');
    checkKept('UNEXPECTED TOKEN: foo');
    checkKept("token='zzz' tokens=3 TOKENS: 3");
  });
});

describe('redactSecrets on words that stand where a secret could', () => {
  it('keeps what is said of a way to sign in, and hides its secret', () => {
    checkKept('Basic authentication failed; Bearer authentication required.');
    checkKept('Bearer token-authentication is off, Basic AuthenticationMiddleware');
    checkRedacted('sent Bearer aB3dE5gH7jK9mN1p', 'sent Bearer [redacted]');
    // `name:word` in Base64 may have no digit.
    checkRedacted('sent Basic dXNlcjpwYXNz', 'sent Basic [redacted]');
    checkRedacted('sent Basic bmFtZTp3b3Jk==', 'sent Basic [redacted]');
  });

  it('keeps the path of a drive after a flag that is not for a user', () => {
    checkKept(String.raw`python -u C:\proj\train.py`);
    checkKept(String.raw`python -u "C:\proj\train.py"`);
    assert.deepEqual(redactCommand(['python', '-u', 'C:\\proj\\train.py']), [
      'python',
      '-u',
      'C:\\proj\\train.py',
    ]);
  });
});

describe('redactSecrets on hostile text', () => {
  it('stays quick', () => {
    const started = process.cpuUsage().user;
    for (const part of [
      '-',
      'eyJ',
      'a.',
      'password',
      'password=',
      'password="',
      'password=\\"',
      'a=',
      'https://a:',
      '-u a:',
      '--password ',
      'wandb login ',
      'aB',
      'token=',
      'token ',
      'sk-',
      'http://',
      '=',
      '-----BEGIN PRIVATE KEY-----',
      'mysql ',
      'mysql -p',
      'Cookie: ',
      'password ',
      'password is ',
      "password '",
      'secret_key: |\n',
      'secret_key: |\n  a\n',
      'secret_key: |\n\n',
      'secret_key: !a ',
      '- ',
      'api_key to set ',
      'SG.',
    ])
      redactSecrets(`${part.repeat(2000)}\n`.repeat(20));
    assert.ok(process.cpuUsage().user - started < 5_000_000);
  });
});

describe('redactCommand', () => {
  it('hides the element after a flag that means a secret', () => {
    assert.deepEqual(redactCommand(['x', '--password', 'two words', '--lr', '0.1', 'api_key=a b']), [
      'x',
      '--password',
      '[redacted]',
      '--lr',
      '0.1',
      'api_key=[redacted]',
    ]);
  });
});

describe('redactCommand of programs that take a secret', () => {
  it('hides it', () => {
    const hex = '0123456789abcdef0123456789abcdef01234567';
    assert.deepEqual(redactCommand(['curl', '-u', 'bob:secret', '-H', 'X-Api-Key: abc']), [
      'curl',
      '-u',
      'bob:[redacted]',
      '-H',
      'X-Api-Key: [redacted]',
    ]);
    assert.deepEqual(redactCommand(['wandb', 'login', hex]), ['wandb', 'login', '[redacted]']);
    assert.deepEqual(redactCommand(['sshpass', '-p', 'a b']), ['sshpass', '-p', '[redacted]']);
    assert.deepEqual(redactCommand(['docker', 'run', '-u', '1000:1000']), [
      'docker',
      'run',
      '-u',
      '1000:1000',
    ]);
  });
});

describe('redactValue', () => {
  it('hides a value by its parameter’s name or its shape', () => {
    assert.equal(redactValue('db.password', 'it"s\n1'), '[redacted]');
    assert.equal(redactValue('lr', '0.1'), '0.1');
    assert.equal(redactValue('x', `hf_${'a1'.repeat(12)}`), '[redacted]');
  });
});
