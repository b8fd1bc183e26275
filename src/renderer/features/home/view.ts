import { defineStore } from 'pinia';
import { reactive, toRefs } from 'vue';
import type { ListView, SortKey } from './experimentList.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Figures and dates are wanted from the top, words from A. */
const descendingAtFirst: readonly SortKey[] = ['best', 'gain', 'created'];

/** Search and order of the list, kept while other screens are open. */
export const useListView = defineStore('list-view', () => {
  const view = reactive<Writable<ListView>>({ search: '', tag: null, sort: 'created', descending: true });

  /** A second time turns the order around. */
  function sortBy(key: SortKey): void {
    view.descending = view.sort === key ? !view.descending : descendingAtFirst.includes(key);
    view.sort = key;
  }

  function toggleTag(tag: string): void {
    view.tag = view.tag === tag ? null : tag;
  }

  function showAll(): void {
    view.search = '';
    view.tag = null;
  }

  return { ...toRefs(view), sortBy, toggleTag, showAll };
});
