import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Period, Session, Unit } from '@kangqu/model'
import { ProblemError } from '@kangqu/client'
import { client } from '../services'

const kUnauthorized = 401

/** Who is signed in, and the units and periods they may choose from. */
export const useSession = defineStore('session', () => {
  const session = shallowRef<Session>()
  const known = ref(false)
  const units = shallowRef<Unit[]>([])
  const periods = shallowRef<Period[]>([])
  const error = shallowRef<unknown>()

  /** Asks once who is signed in; answers false when nobody is. */
  async function ensure(): Promise<boolean> {
    if (known.value) return session.value !== undefined
    try {
      session.value = await client.session()
    } catch (reason) {
      if (!(reason instanceof ProblemError) || reason.status !== kUnauthorized) throw reason
      session.value = undefined
    }
    known.value = true
    return session.value !== undefined
  }

  async function signIn(name: string, password: string): Promise<void> {
    session.value = await client.signIn({ name, password })
    known.value = true
  }

  async function signOut(): Promise<void> {
    await client.signOut()
    forget()
  }

  function forget() {
    session.value = undefined
    known.value = true
    units.value = []
    periods.value = []
  }

  /** Names of units and periods follow the language, so they are asked for again with it. */
  async function loadChoices(): Promise<void> {
    error.value = undefined
    try {
      const [unitList, periodList] = await Promise.all([client.units(), client.periods()])
      units.value = unitList.units
      periods.value = periodList.periods
    } catch (reason) {
      error.value = reason
    }
  }

  return { session, units, periods, error, ensure, signIn, signOut, forget, loadChoices }
})
