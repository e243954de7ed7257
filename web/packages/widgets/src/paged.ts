export interface Page<T> {
  total: number
  position: number
  items: T[]
}

export type PageLoader<T, P extends Page<T>> = (
  offset: number,
  limit: number,
  signal: AbortSignal,
) => Promise<P>

const kMaxKeptPages = 120

/**
 * Rows of a long list, loaded by pages as they come into sight. Pages that scrolled away before they
 * arrived are cancelled; the oldest pages are dropped beyond a limit. `changed` is called after every
 * arrival. `moved` is true when a page was computed at another feed position than the first one, so
 * that the rows no longer add up to one list and the screen can offer to reload.
 */
export class PagedRows<T, P extends Page<T> = Page<T>> {
  readonly pageSize: number
  head: P | undefined
  error: unknown
  moved = false
  private readonly load_: PageLoader<T, P>
  private readonly changed_: () => void
  private readonly pages_ = new Map<number, T[]>()
  private readonly waiting_ = new Map<number, AbortController>()

  constructor(load: PageLoader<T, P>, changed: () => void, pageSize = 100) {
    this.load_ = load
    this.changed_ = changed
    this.pageSize = pageSize
  }

  row(index: number): T | undefined {
    return this.pages_.get(Math.floor(index / this.pageSize))?.[index % this.pageSize]
  }

  get loading(): boolean {
    return this.waiting_.size > 0
  }

  /** Loads what is missing of rows [first, last) and drops requests that are out of sight. */
  ensure(first: number, last: number): void {
    const from = Math.floor(Math.max(0, first) / this.pageSize)
    const to = Math.floor(Math.max(first, last - 1, 0) / this.pageSize)
    for (const [page, control] of this.waiting_) {
      if (page !== 0 && (page < from - 1 || page > to + 1)) {
        control.abort()
        this.waiting_.delete(page)
      }
    }
    for (let page = from; page <= to; page += 1) this.fetch_(page)
  }

  /** Forgets a failure so that the next `ensure` asks again. */
  retry(): void {
    this.error = undefined
    this.changed_()
  }

  dispose(): void {
    for (const control of this.waiting_.values()) control.abort()
    this.waiting_.clear()
  }

  private fetch_(page: number): void {
    if (this.pages_.has(page) || this.waiting_.has(page) || this.error !== undefined) return
    const control = new AbortController()
    this.waiting_.set(page, control)
    this.load_(page * this.pageSize, this.pageSize, control.signal).then(
      (answer) => {
        if (!control.signal.aborted) this.accept_(page, answer)
      },
      (error: unknown) => {
        if (control.signal.aborted) return
        this.waiting_.delete(page)
        this.error = error
        this.changed_()
      },
    )
  }

  private accept_(page: number, answer: P): void {
    this.waiting_.delete(page)
    this.pages_.set(page, answer.items)
    if (this.head === undefined) this.head = answer
    else if (answer.position !== this.head.position) this.moved = true
    if (this.pages_.size > kMaxKeptPages) {
      const oldest = [...this.pages_.keys()].find((one) => one !== 0 && one !== page)
      if (oldest !== undefined) this.pages_.delete(oldest)
    }
    this.changed_()
  }
}
