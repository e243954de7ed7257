// Generated from openapi.json by tools/generate-model.mjs; do not edit.

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  where?: string
}

export interface Operations {
  'GET /api/accounts': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: {
      accounts: {
        name: string
        displayName: string
        role: string
        organization: string
        practitioner: string
        disabled: boolean
        created: string
        passwordChanged: string
      }[]
    }
  }
  'POST /api/accounts': {
    path: Record<never, never>
    query: Record<never, never>
    body: {
      name: string
      displayName?: string
      role: string
      organization?: string
      practitioner?: string
    }
    answer: {
      name: string
      password: string
    }
  }
  'POST /api/accounts/{name}/disable': {
    path: { name: string }
    query: Record<never, never>
    body: undefined
    answer: undefined
  }
  'POST /api/accounts/{name}/enable': {
    path: { name: string }
    query: Record<never, never>
    body: undefined
    answer: undefined
  }
  'POST /api/accounts/{name}/password': {
    path: { name: string }
    query: Record<never, never>
    body: undefined
    answer: {
      name: string
      password: string
    }
  }
  'GET /api/measures/{id}': {
    path: { id: string }
    query: { unit?: string; period?: string }
    body: undefined
    answer: {
      id: string
      name: string
      description: string
      numeratorText: string
      denominatorText: string
      exclusionText: string
      source: string
      basis: string
      denominatorSource: string
      unit: string
      packId: string
      packVersion: string
      cql: string
      increase: boolean
      period: {
        id: string
        name: string
        from: string
        to: string
        complete: boolean
      }
      position: number
      asOf: string
      ready: boolean
      value: number | null
      counts: {
        initialPopulation: number
        denominator: number
        denominatorExclusion: number
        numerator: number
        notMet: number
        failed: number
      }
      reasons: {
        code: string
        text: string
        population: string
        count: number
      }[]
      strata: ({
        unit: {
          id: string
          name: string
        } | null
        denominator: number
        numerator: number
        notMet: number
        denominatorExclusion: number
        value: number | null
      })[]
    }
  }
  'GET /api/measures/{id}/residents': {
    path: { id: string }
    query: { unit?: string; period?: string; population?: string; reason?: string; q?: string; sort?: string; offset?: number; limit?: number }
    body: undefined
    answer: {
      total: number
      visible: number
      offset: number
      position: number
      asOf: string
      items: ({
        id: string
        name: string
        sex: 'male' | 'female' | 'other' | 'unknown'
        birthDate: string | null
        age: number | null
        idNumber: string
        phone: string
        unit: {
          id: string
          name: string
        } | null
        community: string
        reasons: {
          code: string
          text: string
        }[]
      })[]
    }
  }
  'GET /api/periods': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: {
      periods: {
        id: string
        name: string
        from: string
        to: string
        complete: boolean
      }[]
    }
  }
  'GET /api/plans': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: {
      plans: {
        id: string
        title: string
        issuer: string
        docNo: string
        date: string
        taskCount: number
        targetCount: number
      }[]
    }
  }
  'POST /api/plans/read': {
    path: Record<never, never>
    query: Record<never, never>
    body: string
    answer: unknown
  }
  'GET /api/plans/{id}': {
    path: { id: string }
    query: { unit?: string; period?: string }
    body: undefined
    answer: {
      id: string
      title: string
      issuer: string
      docNo: string
      date: string
      position: number
      asOf: string
      period: string
      chapters: ({
        id: string
        heading: string
        level: number
        parent: string | null
      })[]
      units: {
        name: string
        lead: number
        assist: number
        targets: number
        states: {
          met: number
          onTrack: number
          behind: number
          notComputable: number
        }
      }[]
      summary: {
        tasks: number
        targets: number
        met: number
        onTrack: number
        behind: number
        notComputable: number
      }
      tasks: ({
        no: number
        chapter: string
        path: string[]
        title: string
        text: string
        leadUnit: string
        units: string[]
        mode: 'lead-first' | 'each-by-duty'
        targets: string[]
      })[]
      targets: ({
        id: string
        task: number | null
        name: string
        comparator: string
        unit: string
        words: string
        attribute: string | null
        years: ({
          year: number | null
          comparator: string
          value: number | string | number[]
          unit: string
        })[]
        measure: string | null
        value: number | null
        numerator: number
        denominator: number
        state: 'met' | 'onTrack' | 'behind' | 'notComputable'
        reason: {
          code: string
          text: string
        } | null
        due: {
          year: number | null
          comparator: string
          value: number | string | number[]
        } | null
        expected: number | null
        baseline: {
          year: number
          value: number
        } | null
        history: ({
          period: string
          value: number | null
        })[]
      })[]
    }
  }
  'GET /api/residents': {
    path: Record<never, never>
    query: { q?: string; unit?: string; sort?: string; offset?: number; limit?: number }
    body: undefined
    answer: {
      total: number
      offset: number
      position: number
      items: ({
        id: string
        name: string
        sex: 'male' | 'female' | 'other' | 'unknown'
        birthDate: string | null
        age: number | null
        idNumber: string
        phone: string
        unit: {
          id: string
          name: string
        } | null
        community: string
      })[]
    }
  }
  'GET /api/residents/{id}': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: {
      id: string
      name: string
      sex: 'male' | 'female' | 'other' | 'unknown'
      birthDate: string | null
      age: number | null
      deceased: string | null
      idNumber: string
      phone: string
      address: string
      unit: {
        id: string
        name: string
      } | null
      community: string
      recordNumber: string
      synthetic: boolean
      tags: {
        code: string
        text: string
      }[]
      contract: {
        team: string
        doctor: string
        from: string | null
        to: string | null
      } | null
      version: number
      lastUpdated: string
      position: number
    }
  }
  'GET /api/residents/{id}/timeline': {
    path: { id: string }
    query: { kind?: string; offset?: number; limit?: number }
    body: undefined
    answer: {
      total: number
      position: number
      kinds: {
        kind: string
        text: string
        count: number
      }[]
      items: ({
        id: string
        kind: string
        date: string | null
        end: string | null
        title: string
        detail: string
        unit: {
          id: string
          name: string
        } | null
        values: ({
          name: string
          value: string
          unit: string
          flag: 'high' | 'low' | null
        })[]
        resource: {
          type: string
          id: string
          version: number
        }
      })[]
    }
  }
  'GET /api/session': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: {
      user: {
        name: string
        displayName: string
        role: string
        roleName: string
        organization: {
          id: string
          name: string
        } | null
        practitioner: string | null
        abilities: string[]
      }
      authRequired: boolean
      workplace: {
        menu: string[]
        home: {
          part: string
          show: string
        }[]
      }
    }
  }
  'POST /api/session': {
    path: Record<never, never>
    query: Record<never, never>
    body: {
      name: string
      password: string
    }
    answer: {
      user: {
        name: string
        displayName: string
        role: string
        roleName: string
        organization: {
          id: string
          name: string
        } | null
        practitioner: string | null
        abilities: string[]
      }
      authRequired: boolean
      workplace: {
        menu: string[]
        home: {
          part: string
          show: string
        }[]
      }
    }
  }
  'DELETE /api/session': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: undefined
  }
  'POST /api/session/password': {
    path: Record<never, never>
    query: Record<never, never>
    body: {
      password: string
      newPassword: string
    }
    answer: undefined
  }
  'GET /api/sessions': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: {
      sessions: {
        address: string
        opened: string
        seen: string
      }[]
    }
  }
  'DELETE /api/sessions': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: undefined
  }
  'GET /api/units': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: {
      units: ({
        id: string
        name: string
        kind: string
        parent: string | null
      })[]
    }
  }
  'POST /fhir': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/_history': {
    path: Record<never, never>
    query: { _count?: number; _since?: string; _at?: string; _before?: number }
    body: undefined
    answer: unknown
  }
  'GET /fhir/metadata': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'GET /fhir/{type}': {
    path: { type: string }
    query: { _count?: number; _sort?: string; _total?: 'none' | 'accurate'; _cursor?: string }
    body: undefined
    answer: unknown
  }
  'PUT /fhir/{type}': {
    path: { type: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'POST /fhir/{type}': {
    path: { type: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'DELETE /fhir/{type}': {
    path: { type: string }
    query: Record<never, never>
    body: undefined
    answer: undefined
  }
  'PATCH /fhir/{type}': {
    path: { type: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/{type}/_history': {
    path: { type: string }
    query: { _count?: number; _since?: string; _at?: string; _before?: number }
    body: undefined
    answer: unknown
  }
  'GET /fhir/{type}/{id}': {
    path: { type: string; id: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'PUT /fhir/{type}/{id}': {
    path: { type: string; id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'DELETE /fhir/{type}/{id}': {
    path: { type: string; id: string }
    query: Record<never, never>
    body: undefined
    answer: undefined
  }
  'PATCH /fhir/{type}/{id}': {
    path: { type: string; id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/{type}/{id}/$meta': {
    path: { type: string; id: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/{type}/{id}/$meta-add': {
    path: { type: string; id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'POST /fhir/{type}/{id}/$meta-delete': {
    path: { type: string; id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/{type}/{id}/_history': {
    path: { type: string; id: string }
    query: { _count?: number; _since?: string; _at?: string; _before?: number }
    body: undefined
    answer: unknown
  }
  'GET /fhir/{type}/{id}/_history/{version}': {
    path: { type: string; id: string; version: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'GET /healthz': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: string
  }
  'POST /internal/load': {
    path: Record<never, never>
    query: Record<never, never>
    body: string
    answer: unknown[]
  }
  'GET /metrics': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: string
  }
  'GET /openapi.json': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'GET /readyz': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: {
      ready: boolean
      reasons: {
        code: string
        text: string
      }[]
    }
  }
}
