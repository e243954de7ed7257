import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from './stores/session'
import { useTabs } from './stores/tabs'
import { tabKeyOf } from './logic/tabs'

/** `menu` names the menu entry that stays lit while the page is open. */
export const kRoutes: RouteRecordRaw[] = [
  { path: '/', redirect: '/home' },
  {
    path: '/home',
    component: () => import('./pages/HomePage.vue'),
    meta: { title: 'menu.home', menu: '/home' },
  },
  {
    path: '/sign-in',
    component: () => import('./pages/SignInPage.vue'),
    meta: { title: 'signIn.title', bare: true },
  },
  {
    path: '/plans',
    component: () => import('./pages/PlansPage.vue'),
    meta: { title: 'menu.plans', menu: '/plans' },
  },
  {
    path: '/plans/read',
    component: () => import('./pages/ReadPlanPage.vue'),
    meta: { title: 'menu.readPlan', menu: '/plans/read' },
  },
  {
    path: '/plans/:id',
    component: () => import('./pages/PlanPage.vue'),
    meta: { title: 'menu.plans', menu: '/plans' },
  },
  {
    path: '/measures/:id',
    component: () => import('./pages/MeasurePage.vue'),
    meta: { title: 'measure.title', menu: '/plans' },
  },
  {
    path: '/measures/:id/residents',
    component: () => import('./pages/MeasureResidentsPage.vue'),
    meta: { title: 'list.title', menu: '/plans' },
  },
  {
    path: '/residents',
    component: () => import('./pages/ResidentsPage.vue'),
    meta: { title: 'menu.residents', menu: '/residents' },
  },
  {
    path: '/residents/:id',
    component: () => import('./pages/ResidentPage.vue'),
    meta: { title: 'resident.title', menu: '/residents' },
  },
  {
    path: '/design',
    component: () => import('./pages/DesignPage.vue'),
    meta: { title: 'design.title' },
  },
  {
    path: '/:rest(.*)*',
    component: () => import('./pages/NotFoundPage.vue'),
    meta: { title: 'notFound.title' },
  },
]

export const router = createRouter({ history: createWebHistory(), routes: kRoutes })

router.beforeEach(async (to) => {
  if (to.meta['bare']) return true
  const session = useSession()
  try {
    if (await session.ensure()) return true
  } catch {
    // The sign-in page is where an unreachable server is told.
  }
  return { path: '/sign-in', query: { next: to.fullPath } }
})

router.afterEach((to) => {
  if (to.meta['bare'] || to.matched.length === 0) return
  useTabs().visit(tabKeyOf(to), to.fullPath, String(to.meta['title'] ?? ''))
})
