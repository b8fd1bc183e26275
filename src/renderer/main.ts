import '../shared/zodWithoutEval.ts';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { provideSeriesColours } from './charts/theme.ts';
import { router } from './router.ts';
import { useToasts } from './stores/toasts.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';

const app = createApp(App).use(createPinia()).use(router);

// A failure that no screen has caught must still be seen.
app.config.errorHandler = (error) => {
  console.error(error);
  useToasts().showFailure(error);
};
window.addEventListener('unhandledrejection', (event) => useToasts().showFailure(event.reason));

provideSeriesColours();
app.mount('#app');
