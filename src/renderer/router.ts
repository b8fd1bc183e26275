import { nextTick } from 'vue';
import { createRouter, createWebHashHistory, type RouteLocationNormalized } from 'vue-router';
import { showTitle } from './lib/windowTitle.ts';
import { useToasts } from './stores/toasts.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Of the window, before the name of the app. */
    readonly title: string;
  }
}

/** Every screen is loaded when it is first opened. */
export const router = createRouter({
  // The address after `#` never reaches the server or the app's protocol: one page serves all.
  history: createWebHashHistory(),
  routes: [
    {
      path: '/',
      name: 'home',
      component: () => import('./features/home/HomeScreen.vue'),
      meta: { title: 'Experiments' },
    },
    {
      path: '/new',
      name: 'new',
      component: () => import('./features/wizard/WizardScreen.vue'),
      meta: { title: 'New experiment' },
    },
    {
      path: '/experiments/:id',
      name: 'experiment',
      component: () => import('./features/live/LiveScreen.vue'),
      meta: { title: 'Experiment' },
    },
    {
      path: '/experiments/:id/compare',
      name: 'experiment-compare',
      component: () => import('./features/live/LiveScreen.vue'),
      meta: { title: 'Comparison' },
    },
    {
      path: '/compare',
      name: 'compare',
      component: () => import('./features/compare/CompareScreen.vue'),
      meta: { title: 'Compare' },
    },
    {
      path: '/inspect',
      name: 'inspect',
      component: () => import('./features/inspector/InspectScreen.vue'),
      meta: { title: 'Look inside' },
    },
    { path: '/map', name: 'map', component: () => import('./features/map/MapScreen.vue'), meta: { title: 'Map' } },
    {
      path: '/datasets',
      name: 'datasets',
      component: () => import('./features/datasets/DatasetsScreen.vue'),
      meta: { title: 'Datasets and models' },
    },
    {
      path: '/settings',
      name: 'settings',
      component: () => import('./features/settings/SettingsScreen.vue'),
      meta: { title: 'Settings' },
    },
    { path: '/:unknown(.*)*', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.afterEach((to, from, problem) => {
  if (problem) return;
  showTitle(to.meta.title);
  if (from.matched.length > 0 && screenOf(to) !== screenOf(from)) void focusHeading();
});

/** A part of the screens that is no longer there: LossLab was updated while this page was open. */
router.onError((error, to) => {
  console.error(error);
  useToasts().show({
    text: 'This screen could not be loaded. LossLab may have been updated while this page was open.',
    action: { label: 'Reload', run: () => reloadAt(to) },
    tone: 'bad',
  });
});

function reloadAt(to: RouteLocationNormalized): void {
  location.hash = to.fullPath;
  location.reload();
}

/** Tabs and filters of a screen change the address, too, and must leave the focus where it is. */
function screenOf(route: RouteLocationNormalized): string {
  return route.params.id === undefined ? String(route.name) : `experiment ${String(route.params.id)}`;
}

/** So that a screen reader reads the new screen, and Tab goes on from its beginning. */
async function focusHeading(): Promise<void> {
  await nextTick();
  const heading = document.querySelector<HTMLElement>('main h1');
  heading?.setAttribute('tabindex', '-1');
  // A screen that has to ask the lab before it knows its heading has none yet.
  (heading ?? document.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true });
}
