export { createClient, type Client } from './client'
export { ProblemError, isAbort, kNetworkProblem, kNoTextProblem, kUnreadableProblem } from './problem'
export { addressOf, createCall, type ClientOptions, type Language } from './request'
