/** `sshs_model_hash`: the file's own word for the SHA-256 of its tensors. Some programs write `0x` before the digits. */
export function claimedTensorHash(metadata: Readonly<Record<string, string>>): string | null {
  const text = Object.hasOwn(metadata, 'sshs_model_hash') ? metadata.sshs_model_hash! : '';
  return /^(?:0x)?([0-9a-f]{64})$/i.exec(text)?.[1]?.toLowerCase() ?? null;
}
