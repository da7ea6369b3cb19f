import type * as vscode from 'vscode';
import type { SecretStore } from '../../core/compute/connectionPrompts';

/** Ours among the secrets of the extension. */
const PREFIX = 'hsm.ssh.';

/** Keeps secrets where VS Code does: in the keychain of the system. */
export function editorSecrets(secrets: vscode.SecretStorage): SecretStore {
  return {
    get: async (key) => secrets.get(PREFIX + key),
    set: async (key, secret) => secrets.store(PREFIX + key, secret),
    delete: async (key) => secrets.delete(PREFIX + key),
  };
}
