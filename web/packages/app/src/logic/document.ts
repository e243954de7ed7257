/** What the server accepts as one plan document; a larger file is refused before it is sent. */
export const kMaxDocumentBytes = 8 * 1024 * 1024

/**
 * A document's text: UTF-8 with or without a mark, else the national encoding that older office
 * programs write.
 */
export function decodeDocument(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
