export { createClient, type Client } from './client'
export { ProblemError, isAbort, kNetworkProblem, kUnreadableProblem } from './problem'
export { addressOf, createCall, type ClientOptions, type Language } from './request'
