/** For what checks TypeScript without knowing Vue's files; vue-tsc sees each component as it is. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
