export type * from './generated'
