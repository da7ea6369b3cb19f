/** Tokens that tell by their shape what they are. */
export const TOKEN_SHAPES: readonly RegExp[] = [
  /\bhf_[A-Za-z0-9]{20,}/gu,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/gu,
  /\bgithub_pat_\w{20,}/gu,
  /\bglpat-[\w-]{16,}/gu,
  /\bsk-(?:[a-z]+-)*[\w-]{20,}/gu,
  /\b[spr]k_(?:live|test)_[A-Za-z0-9]{10,}/gu,
  /\bwhsec_[\w+/=]{16,}/gu,
  /\bnpm_[A-Za-z0-9]{36}/gu,
  /\bdop_v1_[0-9a-f]{32,}/gu,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/gu,
  /\bya29\.[\w-]{20,}/gu,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/gu,
  /\bxox[abeoprs]-[\w-]{10,}/gu,
  /\bxapp-[\w-]{16,}/gu,
  /\bAIza[\w-]{30,}/gu,
  /\bpypi-[\w-]{30,}/gu,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/gu,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu,
];

/** Secrets behind what tells them. */
export interface SecretContext {
  /** In lower case: a text without it has none. Spares most texts the trouble. */
  readonly word: string;
  /** The first group stays: it tells what the secret is for. */
  readonly pattern: RegExp;
}

export const AFTER_CONTEXT: readonly SecretContext[] = [
  { word: 'authorization', pattern: /(\bAuthorization["']?\s{0,4}[:=]\s{0,4}["']?\w{1,20}\s+)[^\s"']+/giu },
  { word: 'slack', pattern: /(\bhooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/giu },
  { word: 'discord', pattern: /(\bdiscord(?:app)?\.com\/api\/webhooks\/)[\w/-]+/giu },
  {
    word: '=',
    pattern:
      /([?&](?:sig|signature|X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|AWSAccessKeyId)=)[^\s&"'<>#]+/giu,
  },
  { word: 'wandb', pattern: /(\bwandb\s+login\s+(?:--?\S+\s+){0,4})[0-9a-f]{40}\b/gu },
  { word: 'sshpass', pattern: /(\bsshpass\s+-p\s*)(?!-)[^\s]+/gu },
  // `mysql -u me -psecret`; with a blank after `-p` it asks, and the next word is a database.
  {
    word: '-p',
    pattern:
      /((?:^|[\s/;&|("'])(?:mysql|mariadb)(?:-?(?:dump|admin|import|check|show))?\s(?:[^\n;&|]{0,200}\s)?-p)(?:'[^'\n]*'|"[^"\n]*"|[^\s"']+)/gmu,
  },
  { word: 'cookie', pattern: /(\b(?:Set-)?Cookie["']?\s{0,4}:\s{0,4}["']?)(?=[^\s=;"']{1,100}=)[^\n"']+/giu },
  { word: '--cookie', pattern: /((?:^|\s)--cookie[ =]["']?[^\s=;"']{1,100}=)[^\s"']+/gmu },
];
