/**
 * Where the engine writes what it does. `vscode.LogOutputChannel` fits as it is.
 *
 * error: someone must act; warn: handled but odd; info: lifecycle; debug: command lines and durations.
 * Never environment values, passwords or key material.
 */
export interface Logger {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

/** Drops everything. */
export const silentLogger: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};
