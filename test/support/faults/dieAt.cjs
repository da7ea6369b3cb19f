// Loaded into a command line under test (NODE_OPTIONS=--require): kills it with SIGKILL at its nth change of a file
// that belongs to a sweep, HSM_DIE_AT; HSM_DIE_HOW says whether before the change, after it or in the middle of it.
// Without HSM_DIE_AT it counts them into the file HSM_DIE_COUNT.
const fs = require('node:fs');
const promises = require('node:fs/promises');

const at = Number(process.env.HSM_DIE_AT || 0);
const how = process.env.HSM_DIE_HOW;
const counter = process.env.HSM_DIE_COUNT;
// Not for what it starts in turn.
delete process.env.NODE_OPTIONS;
let count = 0;

function die() {
  process.kill(process.pid, 'SIGKILL');
  // The signal is delivered before anything else runs.
  for (;;);
}

/** @param half - does a part of the change, where that can be */
async function change(whole, half) {
  count += 1;
  if (counter) fs.writeFileSync(counter, String(count));
  if (count !== at) return whole();
  if (how === 'before') die();
  if (how === 'middle' && half) await half();
  else await whole();
  die();
}

for (const name of ['rename', 'link', 'mkdir', 'rm']) {
  const real = promises[name];
  promises[name] = (...args) => change(() => real(...args));
}

const open = promises.open;
promises.open = async (path, flags = 'r', ...rest) => {
  const file = await open(path, flags, ...rest);
  if (flags !== 'r') {
    for (const name of ['writeFile', 'appendFile']) {
      const real = file[name].bind(file);
      file[name] = (data, ...more) =>
        change(
          () => real(data, ...more),
          () => real(data.slice(0, Math.floor(data.length / 2)), ...more),
        );
    }
  }
  return file;
};
