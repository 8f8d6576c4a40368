/**
 * Names that tell a secret: keys and files. Only exact names count, never a pattern such as
 * `*token*`, which would hide `keep_tokens`, `max_token_length` or `token_warmup_step`.
 */

/** Lower-case words without `_` and `-`. A bare `token` is not among them: some trainers mean the class word by it. */
const secretKeys = new Set(
  `
  api_key api_token api_secret access_token access_key access_key_id secret_access_key auth_token bearer_token
  refresh_token session_token private_token private_key client_secret secret secret_key secret_token
  password passwd passphrase credentials use_auth_token authorization
  wandb_api_key wandb_key wandb_token
  huggingface_token huggingface_hub_token hugging_face_token hugging_face_hub_token huggingface_api_key hf_token
  hf_hub_token hf_api_token hf_api_key hf_access_token hf_auth_token hub_token push_to_hub_token ms_hub_token
  om_hub_token modelscope_api_token modelscope_token
  aws_access_key_id aws_secret_access_key aws_session_token aws_security_token s3_secret_key s3_access_key
  minio_secret_key minio_access_key minio_root_password azure_storage_key azure_storage_connection_string
  azure_client_secret google_api_key gemini_api_key r2_secret_access_key b2_application_key
  openai_api_key anthropic_api_key replicate_api_token together_api_key mistral_api_key cohere_api_key
  groq_api_key openrouter_api_key deepseek_api_key fal_key stability_api_key
  github_token github_pat gh_token gh_enterprise_token gitlab_token gitlab_private_token gitlab_access_token
  ci_job_token bitbucket_token
  civitai_api_token civitai_api_key civitai_token
  comet_api_key neptune_api_token clearml_api_access_key clearml_api_secret_key mlflow_tracking_password
  mlflow_tracking_token swanlab_api_key dagshub_token dagshub_user_token aim_token
  kaggle_key runpod_api_key vast_api_key lambda_api_key modal_token_secret modal_token_id
  telegram_token telegram_bot_token discord_token discord_bot_token slack_token slack_bot_token
  slack_webhook_url discord_webhook_url
  npm_token npm_auth_token pypi_token pypi_api_token twine_password uv_publish_token uv_publish_password
  docker_password jupyter_token pgpassword mysql_pwd sshpass restic_password rclone_config_pass
  `
    .trim()
    .split(/\s+/)
    .map(squashed),
);

/**
 * argparse accepts a prefix of an option if only one option has it. These are the shortest prefixes
 * that no other option of the trainers shares.
 */
const abbreviations = [
  { option: 'wandb_api_key', shortest: 'wandb_a' },
  { option: 'huggingface_token', shortest: 'huggingface_t' },
  { option: 'hub_token', shortest: 'hub_t' },
  { option: 'hf_token', shortest: 'hf_t' },
  { option: 'hf_hub_token', shortest: 'hf_hub_t' },
  { option: 'ms_hub_token', shortest: 'ms_h' },
  { option: 'om_hub_token', shortest: 'om_h' },
  { option: 'civitai_api_token', shortest: 'civitai_a' },
];

function squashed(name: string): string {
  return name.toLowerCase().replaceAll('_', '').replaceAll('-', '');
}

/**
 * Whether the value of a key, option or variable of this name is a secret. Letter case, `_` and `-` do
 * not matter; of a path (`monitoring.wandb_api_key`) the last part decides.
 */
export function isSecretKey(key: string): boolean {
  const last = key.slice(Math.max(key.lastIndexOf('.'), key.lastIndexOf('/')) + 1);
  return last.length <= 64 && secretKeys.has(squashed(last));
}

/** The secret option that this one is, or abbreviates; null for every other. @param option without leading dashes */
export function secretOption(option: string): string | null {
  if (isSecretKey(option)) return option;
  const name = option.replaceAll('-', '_');
  return (
    abbreviations.find((each) => each.option.startsWith(name) && name.length >= each.shortest.length)?.option ?? null
  );
}

const secretFiles = new Set(
  `
  .netrc _netrc .git-credentials .npmrc .pypirc .htpasswd .pgpass .my.cnf .vault-token .dockercfg .s3cfg .boto
  secrets.json secrets.yaml secrets.yml secrets.toml secret.json secret.yaml secret.yml secret.toml
  credentials credentials.json credentials.yaml credentials.yml credentials.toml client_secret.json
  service-account.json service_account.json application_default_credentials.json kaggle.json kubeconfig
  hf_token .hf_token hf_token.txt huggingface_token huggingface_token.txt wandb_api_key wandb_api_key.txt
  api_key.txt api_keys.txt api_key .api_key token.txt .token passwords.txt password.txt
  `
    .trim()
    .split(/\s+/),
);

/** Templates that are made to be shared; `.envrc` is direnv's and does hold secrets. */
const template = /\.(example|sample|template|dist|defaults?|schema)$/;

/**
 * Whether a file of this name usually holds a secret: it is then kept by name and hash only.
 * @param fileName base name, or a path of which the last part counts
 */
export function looksSecret(fileName: string): boolean {
  const name = fileName.slice(fileName.lastIndexOf('/') + 1).toLowerCase();
  if (template.test(name)) return false;
  if (secretFiles.has(name)) return true;
  if (/^\.env($|rc$|[._-])/.test(name) || /^[^.]+\.env$/.test(name)) return true;
  if (/^id_(rsa|dsa|ecdsa|ed25519)(_sk)?([._-]|$)/.test(name)) return !name.endsWith('.pub');
  return /\.(pem|key|p12|pfx|ppk|jks|keystore|kdbx|gpg|age|tfstate|ovpn)$/.test(name);
}
