// The application has no programming surface; its parts are reached by the tests through their files.
export {}
