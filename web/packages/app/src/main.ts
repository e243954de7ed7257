import './polyfills'
import 'element-plus/theme-chalk/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, language, setLanguage } from './i18n'
import { followPreferences } from './logic/preferences'
import { router } from './router'
import { onSignedOut } from './services'
import { useSession } from './stores/session'
import { useTabs } from './stores/tabs'

const app = createApp(App)
app.use(createPinia()).use(i18n).use(router)
setLanguage(language())
followPreferences()

onSignedOut(() => {
  const session = useSession()
  if (session.session === undefined) return
  session.forget()
  useTabs().clear()
  void router.push({ path: '/sign-in', query: { next: router.currentRoute.value.fullPath } })
})

app.mount('#app')
