import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'

const kNodeGlobals = {
  process: 'readonly',
  console: 'readonly',
  URL: 'readonly',
  fetch: 'readonly',
  setTimeout: 'readonly',
  Buffer: 'readonly',
}

/** A package may import only the packages below it. */
const kForbiddenImports = {
  model: ['@kangqu/client', '@kangqu/widgets', '@kangqu/app', 'vue', 'element-plus'],
  client: ['@kangqu/widgets', '@kangqu/app', 'vue', 'element-plus'],
  widgets: ['@kangqu/client', '@kangqu/model', '@kangqu/app', 'vue-router', 'pinia', 'vue-i18n'],
}

export default ts.config(
  { ignores: ['dist/', '**/dist/', 'packages/model/src/generated.ts', '**/*.d.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    files: ['**/*.{ts,vue}'],
    rules: {
      'no-undef': 'off',
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 70 }],
      complexity: ['error', 15],
      eqeqeq: 'error',
      'no-console': 'error',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/html-self-closing': ['error', { html: { void: 'always' } }],
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/no-v-html': 'error',
    },
  },
  {
    files: ['packages/app/src/pages/*.vue'],
    rules: { 'max-lines': ['error', 120] },
  },
  {
    files: ['packages/*/test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  ...Object.entries(kForbiddenImports).map(([name, paths]) => ({
    files: [`packages/${name}/src/**/*.{ts,vue}`],
    rules: { 'no-restricted-imports': ['error', { paths }] },
  })),
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: kNodeGlobals },
    rules: { 'max-lines': ['error', 400] },
  },
)
