import { ElConfigProvider, ElOption, ElSelect, ElTreeSelect } from 'element-plus'
import type { Component } from 'vue'

// The library's property types do not hold under exactOptionalPropertyTypes; these four are used as
// plain components, the others as they are.
export const ConfigProvider: Component = ElConfigProvider
export const Select: Component = ElSelect
export const Option: Component = ElOption
export const TreeSelect: Component = ElTreeSelect
