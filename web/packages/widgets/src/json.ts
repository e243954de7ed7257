export interface JsonToken {
  kind: 'key' | 'string' | 'number' | 'word' | 'plain'
  text: string
}

const kTokens = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g

/** One line of pretty-printed JSON cut into pieces for colouring; the pieces joined give the line. */
export function jsonTokens(line: string): JsonToken[] {
  const tokens: JsonToken[] = []
  let from = 0
  for (const match of line.matchAll(kTokens)) {
    if (match.index > from) tokens.push({ kind: 'plain', text: line.slice(from, match.index) })
    const [whole, text, colon, digits] = match
    if (text !== undefined) {
      tokens.push({ kind: colon === undefined ? 'string' : 'key', text })
      if (colon !== undefined) tokens.push({ kind: 'plain', text: colon })
    } else {
      tokens.push({ kind: digits === undefined ? 'word' : 'number', text: whole })
    }
    from = match.index + whole.length
  }
  if (from < line.length) tokens.push({ kind: 'plain', text: line.slice(from) })
  return tokens
}
