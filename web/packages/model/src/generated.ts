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
    query: { status?: string }
    body: undefined
    answer: {
      plans: ({
        id: string
        title: string
        issuer: string
        docNo: string
        date: string
        status: 'draft' | 'active' | 'retired'
        editionOf: string
        unreviewed: number
        taskCount: number
        targetCount: number
      })[]
    }
  }
  'POST /api/plans': {
    path: Record<never, never>
    query: { name?: string; 'edition-of'?: string }
    body: string
    answer: {
      id: string
      version: number
      status: string
      title: string
      issuer: string
      docNo: string
      date: string
      editionOf: string
      canUndo: boolean
      counts: {
        proposed: number
        unsure: number
        accepted: number
        corrected: number
        rejected: number
      }
      text: string
      tasks: ({
        item: string
        no: number
        path: string[]
        title: string
        leadUnit: string
        mode: 'lead-first' | 'each-by-duty'
        units: ({
          printed: string
          full: string
          chosen: string
          match: 'none' | 'exact' | 'alias' | 'successor' | 'collective'
          organization: string
          candidates: {
            id: string
            name: string
          }[]
          organ: string
          ended: string
          successors: {
            function: string
            name: string
            since: string
          }[]
        })[]
        start: number
        end: number
        state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
        by: string
        at: string
        confidence: number
        doubts: {
          code: string
          words: string
          text: string
        }[]
        targets: ({
          item: string
          name: string
          comparator: string
          value: number | string | number[]
          unit: string
          year: number | null
          words: string
          attribute: string
          baseline: number | null
          baselineYear: number | null
          measure: string
          measures: {
            id: string
            name: string
            likeness: number
          }[]
          start: number
          end: number
          state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
          by: string
          at: string
          confidence: number
          doubts: {
            code: string
            words: string
            text: string
          }[]
        })[]
      })[]
      targets: ({
        item: string
        name: string
        comparator: string
        value: number | string | number[]
        unit: string
        year: number | null
        words: string
        attribute: string
        baseline: number | null
        baselineYear: number | null
        measure: string
        measures: {
          id: string
          name: string
          likeness: number
        }[]
        start: number
        end: number
        state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
        by: string
        at: string
        confidence: number
        doubts: {
          code: string
          words: string
          text: string
        }[]
      })[]
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
        basis: string
        shortUnits: string[]
        notes: {
          code: string
          text: string
        }[]
      })[]
    }
  }
  'GET /api/plans/{id}/changes': {
    path: { id: string }
    query: { from?: string }
    body: undefined
    answer: {
      from: string
      fromTitle: string
      to: string
      toTitle: string
      sameTasks: number
      sameTargets: number
      tasks: ({
        change: 'added' | 'removed' | 'changed'
        before: number
        after: number
        title: string
        words: boolean
        unitsAdded: string[]
        unitsRemoved: string[]
        leadBefore: string
        leadAfter: string
      })[]
      targets: ({
        change: 'added' | 'removed' | 'changed'
        name: string
        year: number | null
        taskBefore: number
        taskAfter: number
        before: {
          name: string
          comparator: string
          value: number | string | number[]
          unit: string
          attribute: string
        } | null
        after: {
          name: string
          comparator: string
          value: number | string | number[]
          unit: string
          attribute: string
        } | null
      })[]
    }
  }
  'POST /api/plans/{id}/live': {
    path: { id: string }
    query: Record<never, never>
    body: {
      version: number
    }
    answer: {
      id: string
      version: number
      status: string
      title: string
      issuer: string
      docNo: string
      date: string
      editionOf: string
      canUndo: boolean
      counts: {
        proposed: number
        unsure: number
        accepted: number
        corrected: number
        rejected: number
      }
      text: string
      tasks: ({
        item: string
        no: number
        path: string[]
        title: string
        leadUnit: string
        mode: 'lead-first' | 'each-by-duty'
        units: ({
          printed: string
          full: string
          chosen: string
          match: 'none' | 'exact' | 'alias' | 'successor' | 'collective'
          organization: string
          candidates: {
            id: string
            name: string
          }[]
          organ: string
          ended: string
          successors: {
            function: string
            name: string
            since: string
          }[]
        })[]
        start: number
        end: number
        state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
        by: string
        at: string
        confidence: number
        doubts: {
          code: string
          words: string
          text: string
        }[]
        targets: ({
          item: string
          name: string
          comparator: string
          value: number | string | number[]
          unit: string
          year: number | null
          words: string
          attribute: string
          baseline: number | null
          baselineYear: number | null
          measure: string
          measures: {
            id: string
            name: string
            likeness: number
          }[]
          start: number
          end: number
          state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
          by: string
          at: string
          confidence: number
          doubts: {
            code: string
            words: string
            text: string
          }[]
        })[]
      })[]
      targets: ({
        item: string
        name: string
        comparator: string
        value: number | string | number[]
        unit: string
        year: number | null
        words: string
        attribute: string
        baseline: number | null
        baselineYear: number | null
        measure: string
        measures: {
          id: string
          name: string
          likeness: number
        }[]
        start: number
        end: number
        state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
        by: string
        at: string
        confidence: number
        doubts: {
          code: string
          words: string
          text: string
        }[]
      })[]
    }
  }
  'GET /api/plans/{id}/review': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: {
      id: string
      version: number
      status: string
      title: string
      issuer: string
      docNo: string
      date: string
      editionOf: string
      canUndo: boolean
      counts: {
        proposed: number
        unsure: number
        accepted: number
        corrected: number
        rejected: number
      }
      text: string
      tasks: ({
        item: string
        no: number
        path: string[]
        title: string
        leadUnit: string
        mode: 'lead-first' | 'each-by-duty'
        units: ({
          printed: string
          full: string
          chosen: string
          match: 'none' | 'exact' | 'alias' | 'successor' | 'collective'
          organization: string
          candidates: {
            id: string
            name: string
          }[]
          organ: string
          ended: string
          successors: {
            function: string
            name: string
            since: string
          }[]
        })[]
        start: number
        end: number
        state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
        by: string
        at: string
        confidence: number
        doubts: {
          code: string
          words: string
          text: string
        }[]
        targets: ({
          item: string
          name: string
          comparator: string
          value: number | string | number[]
          unit: string
          year: number | null
          words: string
          attribute: string
          baseline: number | null
          baselineYear: number | null
          measure: string
          measures: {
            id: string
            name: string
            likeness: number
          }[]
          start: number
          end: number
          state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
          by: string
          at: string
          confidence: number
          doubts: {
            code: string
            words: string
            text: string
          }[]
        })[]
      })[]
      targets: ({
        item: string
        name: string
        comparator: string
        value: number | string | number[]
        unit: string
        year: number | null
        words: string
        attribute: string
        baseline: number | null
        baselineYear: number | null
        measure: string
        measures: {
          id: string
          name: string
          likeness: number
        }[]
        start: number
        end: number
        state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
        by: string
        at: string
        confidence: number
        doubts: {
          code: string
          words: string
          text: string
        }[]
      })[]
    }
  }
  'POST /api/plans/{id}/review': {
    path: { id: string }
    query: Record<never, never>
    body: {
      version: number
      steps: ({
        op: 'accept' | 'reject' | 'reopen' | 'correct' | 'split' | 'merge' | 'add' | 'accept-sure'
        item?: string
        with?: string
        at?: number
        set?: {
          title?: string
          units?: string[]
          unitIds?: string[]
          mode?: 'lead-first' | 'each-by-duty'
          name?: string
          comparator?: string
          value?: number | string | number[]
          unit?: string
          year?: number | null
          attribute?: string
          baseline?: number | null
          baselineYear?: number | null
          measure?: string
        }
      })[]
    }
    answer: {
      id: string
      version: number
      status: string
      title: string
      issuer: string
      docNo: string
      date: string
      editionOf: string
      canUndo: boolean
      counts: {
        proposed: number
        unsure: number
        accepted: number
        corrected: number
        rejected: number
      }
      text: string
      tasks: ({
        item: string
        no: number
        path: string[]
        title: string
        leadUnit: string
        mode: 'lead-first' | 'each-by-duty'
        units: ({
          printed: string
          full: string
          chosen: string
          match: 'none' | 'exact' | 'alias' | 'successor' | 'collective'
          organization: string
          candidates: {
            id: string
            name: string
          }[]
          organ: string
          ended: string
          successors: {
            function: string
            name: string
            since: string
          }[]
        })[]
        start: number
        end: number
        state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
        by: string
        at: string
        confidence: number
        doubts: {
          code: string
          words: string
          text: string
        }[]
        targets: ({
          item: string
          name: string
          comparator: string
          value: number | string | number[]
          unit: string
          year: number | null
          words: string
          attribute: string
          baseline: number | null
          baselineYear: number | null
          measure: string
          measures: {
            id: string
            name: string
            likeness: number
          }[]
          start: number
          end: number
          state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
          by: string
          at: string
          confidence: number
          doubts: {
            code: string
            words: string
            text: string
          }[]
        })[]
      })[]
      targets: ({
        item: string
        name: string
        comparator: string
        value: number | string | number[]
        unit: string
        year: number | null
        words: string
        attribute: string
        baseline: number | null
        baselineYear: number | null
        measure: string
        measures: {
          id: string
          name: string
          likeness: number
        }[]
        start: number
        end: number
        state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
        by: string
        at: string
        confidence: number
        doubts: {
          code: string
          words: string
          text: string
        }[]
      })[]
    }
  }
  'POST /api/plans/{id}/review/undo': {
    path: { id: string }
    query: Record<never, never>
    body: {
      version: number
    }
    answer: {
      id: string
      version: number
      status: string
      title: string
      issuer: string
      docNo: string
      date: string
      editionOf: string
      canUndo: boolean
      counts: {
        proposed: number
        unsure: number
        accepted: number
        corrected: number
        rejected: number
      }
      text: string
      tasks: ({
        item: string
        no: number
        path: string[]
        title: string
        leadUnit: string
        mode: 'lead-first' | 'each-by-duty'
        units: ({
          printed: string
          full: string
          chosen: string
          match: 'none' | 'exact' | 'alias' | 'successor' | 'collective'
          organization: string
          candidates: {
            id: string
            name: string
          }[]
          organ: string
          ended: string
          successors: {
            function: string
            name: string
            since: string
          }[]
        })[]
        start: number
        end: number
        state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
        by: string
        at: string
        confidence: number
        doubts: {
          code: string
          words: string
          text: string
        }[]
        targets: ({
          item: string
          name: string
          comparator: string
          value: number | string | number[]
          unit: string
          year: number | null
          words: string
          attribute: string
          baseline: number | null
          baselineYear: number | null
          measure: string
          measures: {
            id: string
            name: string
            likeness: number
          }[]
          start: number
          end: number
          state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
          by: string
          at: string
          confidence: number
          doubts: {
            code: string
            words: string
            text: string
          }[]
        })[]
      })[]
      targets: ({
        item: string
        name: string
        comparator: string
        value: number | string | number[]
        unit: string
        year: number | null
        words: string
        attribute: string
        baseline: number | null
        baselineYear: number | null
        measure: string
        measures: {
          id: string
          name: string
          likeness: number
        }[]
        start: number
        end: number
        state: 'proposed' | 'accepted' | 'corrected' | 'rejected'
        by: string
        at: string
        confidence: number
        doubts: {
          code: string
          words: string
          text: string
        }[]
      })[]
    }
  }
  'GET /api/plans/{id}/targets/{target}/contributions': {
    path: { id: string; target: string }
    query: { unit?: string; period?: string; by?: string }
    body: undefined
    answer: {
      target: string
      name: string
      goal: number | null
      value: number | null
      residents: number | null
      basis: string
      units: ({
        id: string
        name: string
        value: number | null
        meets: boolean
        residents: number | null
        effect: number | null
      })[]
    }
  }
  'GET /api/plans/{id}/targets/{target}/outlook': {
    path: { id: string; target: string }
    query: { unit?: string; period?: string }
    body: undefined
    answer: {
      target: string
      name: string
      unit: string
      goal: number | null
      due: number | null
      atLeast: boolean
      state: 'met' | 'onTrack' | 'behind' | 'notComputable'
      value: number | null
      now: number | null
      series: ({
        time: number | null
        value: number | null
      })[]
      path: ({
        year: number
        value: number | null
        milestone: boolean
      })[]
      forecast: {
        possible: boolean
        reason?: string
        answer?: 'yes' | 'likely' | 'unlikely' | 'no'
        chance?: number | null
        when?: number | null
        whenEarly?: number | null
        whenLate?: number | null
        pace?: number | null
        paceNeeded?: number | null
        atDue?: {
          time: number | null
          value: number | null
          low: number | null
          high: number | null
        }
        years?: ({
          time: number | null
          value: number | null
          low: number | null
          high: number | null
        })[]
        method?: {
          scale: string
          line: string
          interval: string
          points: number
        }
      }
    }
  }
  'POST /api/plans/{id}/targets/{target}/what-if': {
    path: { id: string; target: string }
    query: { unit?: string; period?: string; by?: string }
    body: {
      values?: {
        unit: string
        value: number
      }[]
      pace?: number
    }
    answer: {
      target: string
      goal: number | null
      value: number | null
      then: number | null
      meets: boolean
      atDue: number | null
      when: number | null
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
  'GET /fhir/$export': {
    path: Record<never, never>
    query: { _type?: string; _since?: string; _typeFilter?: string; _outputFormat?: string }
    body: undefined
    answer: unknown
  }
  'POST /fhir/$export': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'POST /fhir/$import': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/CodeSystem/$lookup': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/CodeSystem/$lookup': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/CodeSystem/$subsumes': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/CodeSystem/$subsumes': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/CodeSystem/$validate-code': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/CodeSystem/$validate-code': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/CodeSystem/{id}/$lookup': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/CodeSystem/{id}/$lookup': {
    path: { id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/CodeSystem/{id}/$subsumes': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/CodeSystem/{id}/$subsumes': {
    path: { id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/CodeSystem/{id}/$validate-code': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/CodeSystem/{id}/$validate-code': {
    path: { id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/ConceptMap/$translate': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/ConceptMap/$translate': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/ConceptMap/{id}/$translate': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/ConceptMap/{id}/$translate': {
    path: { id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/Group/{id}/$export': {
    path: { id: string }
    query: { _type?: string; _since?: string; _typeFilter?: string; _outputFormat?: string }
    body: undefined
    answer: unknown
  }
  'POST /fhir/Group/{id}/$export': {
    path: { id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/Measure/{id}/$evaluate-measure': {
    path: { id: string }
    query: { periodStart?: string; periodEnd?: string; reportType?: string; subject?: string }
    body: undefined
    answer: unknown
  }
  'POST /fhir/Measure/{id}/$evaluate-measure': {
    path: { id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/Patient/$export': {
    path: Record<never, never>
    query: { _type?: string; _since?: string; _typeFilter?: string; _outputFormat?: string }
    body: undefined
    answer: unknown
  }
  'POST /fhir/Patient/$export': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/Subscription/{id}/$events': {
    path: { id: string }
    query: { eventsSinceNumber?: number; eventsUntilNumber?: number; content?: string }
    body: undefined
    answer: unknown
  }
  'GET /fhir/Subscription/{id}/$status': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'GET /fhir/ValueSet/$expand': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/ValueSet/$expand': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/ValueSet/$validate-code': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/ValueSet/$validate-code': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/ValueSet/{id}/$expand': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/ValueSet/{id}/$expand': {
    path: { id: string }
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'GET /fhir/ValueSet/{id}/$validate-code': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'POST /fhir/ValueSet/{id}/$validate-code': {
    path: { id: string }
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
  'GET /fhir/bulkfiles/{job}/{file}': {
    path: { job: string; file: string }
    query: Record<never, never>
    body: undefined
    answer: string
  }
  'GET /fhir/bulkstatus/{job}': {
    path: { job: string }
    query: Record<never, never>
    body: undefined
    answer: unknown
  }
  'DELETE /fhir/bulkstatus/{job}': {
    path: { job: string }
    query: Record<never, never>
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
    query: { _count?: number; _sort?: string; _total?: 'none' | 'estimate' | 'accurate'; _summary?: 'true' | 'text' | 'data' | 'count' | 'false'; _elements?: string; _include?: string; _revinclude?: string; _cursor?: string }
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
  'POST /fhir/{type}/$validate': {
    path: { type: string }
    query: { mode?: string; profile?: string }
    body: unknown
    answer: unknown
  }
  'GET /fhir/{type}/_history': {
    path: { type: string }
    query: { _count?: number; _since?: string; _at?: string; _before?: number }
    body: undefined
    answer: unknown
  }
  'POST /fhir/{type}/_search': {
    path: { type: string }
    query: { _count?: number; _sort?: string; _total?: 'none' | 'estimate' | 'accurate'; _summary?: 'true' | 'text' | 'data' | 'count' | 'false'; _elements?: string; _include?: string; _revinclude?: string; _cursor?: string }
    body: unknown
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
  'GET /fhir/{type}/{id}/$everything': {
    path: { type: string; id: string }
    query: { start?: string; end?: string; _since?: string; _type?: string; _count?: number; _cursor?: number }
    body: undefined
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
  'GET /fhir/{type}/{id}/$validate': {
    path: { type: string; id: string }
    query: { mode?: string; profile?: string }
    body: undefined
    answer: unknown
  }
  'POST /fhir/{type}/{id}/$validate': {
    path: { type: string; id: string }
    query: { mode?: string; profile?: string }
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
  'GET /fhir/{type}/{id}/{inner}': {
    path: { type: string; id: string; inner: string }
    query: { _count?: number; _sort?: string; _total?: 'none' | 'estimate' | 'accurate'; _summary?: 'true' | 'text' | 'data' | 'count' | 'false'; _elements?: string; _include?: string; _revinclude?: string; _cursor?: string }
    body: undefined
    answer: unknown
  }
  'POST /fhir/{type}/{id}/{inner}/_search': {
    path: { type: string; id: string; inner: string }
    query: { _count?: number; _sort?: string; _total?: 'none' | 'estimate' | 'accurate'; _summary?: 'true' | 'text' | 'data' | 'count' | 'false'; _elements?: string; _include?: string; _revinclude?: string; _cursor?: string }
    body: unknown
    answer: unknown
  }
  'GET /healthz': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: string
  }
  'POST /internal/backup': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'POST /internal/check': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
  }
  'POST /internal/export': {
    path: Record<never, never>
    query: Record<never, never>
    body: unknown
    answer: unknown
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
