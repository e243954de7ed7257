import { createClient } from '@kangqu/client'
import { language } from './i18n'

let signedOut: () => void = () => {}

/** Whoever owns the session says what happens when the server no longer knows it. */
export function onSignedOut(react: () => void): void {
  signedOut = react
}

export const client = createClient({ language, onSignedOut: () => signedOut() })
