// What Chrome 90 lacks of what the libraries call.
if (typeof Object.hasOwn !== 'function') {
  Object.defineProperty(Object, 'hasOwn', {
    value: (object: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(object, key),
    configurable: true,
    writable: true,
  })
}

function at(this: ArrayLike<unknown>, index: number): unknown {
  const whole = Math.trunc(index) || 0
  return this[whole < 0 ? this.length + whole : whole]
}

for (const prototype of [Array.prototype, String.prototype]) {
  if (typeof prototype.at !== 'function') {
    Object.defineProperty(prototype, 'at', { value: at, configurable: true, writable: true })
  }
}

export {}
