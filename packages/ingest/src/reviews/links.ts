import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Creates and reads tokens for links. */
export interface Links {
  /** Encrypts and signs a string as a token. The same string has the same token. */
  seal(owner: string, text: string): string;
  /** Returns the string of a token; undefined for one that was not created here, for this owner. */
  open(owner: string, token: string): string | undefined;
}

const TAG = 32;
const LONGEST = 4_000;

/**
 * Creates tokens with keys derived from a secret, separate per owner. The signature (HMAC-SHA256) is also the IV of the
 * encryption, so that no random number is needed and a repeated step creates the same link.
 */
export function createLinks(secret: string): Links {
  const keysOf = (owner: string): readonly [sign: Buffer, encrypt: Buffer] => {
    const keys = Buffer.from(hkdfSync('sha256', secret, '', `waybill links\0${owner}`, 64));
    return [keys.subarray(0, 32), keys.subarray(32)];
  };
  const signed = (key: Buffer, text: Buffer): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    seal(owner, text) {
      const [sign, encrypt] = keysOf(owner);
      const plain = Buffer.from(text);
      const tag = signed(sign, plain);
      const cipher = createCipheriv('aes-256-ctr', encrypt, tag.subarray(0, 16));
      return Buffer.concat([tag, cipher.update(plain), cipher.final()]).toString('base64url');
    },
    open(owner, token) {
      if (token.length > LONGEST || !/^[\w-]+$/.test(token)) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      // Only the canonical encoding of the bytes is valid; otherwise a used link could be used again.
      if (bytes.length <= TAG || bytes.toString('base64url') !== token) return undefined;
      const [sign, encrypt] = keysOf(owner);
      const tag = bytes.subarray(0, TAG);
      const cipher = createDecipheriv('aes-256-ctr', encrypt, tag.subarray(0, 16));
      const plain = Buffer.concat([cipher.update(bytes.subarray(TAG)), cipher.final()]);
      return timingSafeEqual(signed(sign, plain), tag) ? plain.toString('utf8') : undefined;
    },
  };
}
