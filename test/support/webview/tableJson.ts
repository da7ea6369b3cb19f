/** A message with typed arrays as JSON, for a page that is driven from outside. {@link HEAR_HOST} makes it whole again. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (!ArrayBuffer.isView(item)) return item;
    const bytes = Buffer.from(item.buffer, item.byteOffset, item.byteLength);
    return { typed: item.constructor.name, base64: bytes.toString('base64') };
  });
}

/** A script for the page: `hearHost(text)` posts a message to it, as the editor does; `toMessage(text)` only makes it whole. */
export const HEAR_HOST = `globalThis.toMessage = (text) => {
  const typedArrays = { Float64Array, Int32Array, Uint32Array, Uint8Array };
  const revive = (key, item) => {
    if (typeof item !== 'object' || item === null || !('typed' in item) || !('base64' in item)) return item;
    const bytes = Uint8Array.from(atob(item.base64), (letter) => letter.charCodeAt(0));
    return new typedArrays[item.typed](bytes.buffer);
  };
  return JSON.parse(text, revive);
};
globalThis.hearHost = (text) => { postMessage(toMessage(text), '*'); };`;
