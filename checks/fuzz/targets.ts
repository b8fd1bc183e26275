import type { FuzzTarget } from './target.ts';
import * as archives from './targets/archives.ts';
import * as contract from './targets/contract.ts';
import * as desktop from './targets/desktopFiles.ts';
import * as encoders from './targets/encoderFiles.ts';
import * as home from './targets/homeFiles.ts';
import * as imports from './targets/imports.ts';
import * as mlflow from './targets/mlflow.ts';
import * as network from './targets/network.ts';
import * as own from './targets/ownFiles.ts';
import * as rows from './targets/rows.ts';
import * as tokenizers from './targets/tokenizers.ts';
import { trainerEvents } from './targets/trainerEvents.ts';

/** Every parser of external data or files, and every message of a screen. */
export const targets: Readonly<Record<string, FuzzTarget>> = {
  'comma-rows': rows.commaRows,
  'tab-rows': rows.tabRows,
  'xml-rows': rows.xmlRows,
  'json-array': rows.jsonArray,
  'json-lines': rows.jsonLines,
  'questions.csv': imports.questionsCsv,
  'answers.csv': imports.answersCsv,
  'ranked_qa.json': imports.rankedJson,
  'Posts.xml': imports.postsXml,
  'table.csv': imports.tableCsv,
  'table.tsv': imports.tableTsv,
  'table.jsonl': imports.tableJsonLines,
  'lists.jsonl': imports.tableJsonLists,
  'beir-corpus': imports.beirCorpus,
  'beir-queries': imports.beirQueries,
  'beir-qrels': imports.beirQrels,
  'whole-import': imports.wholeImport,
  zip: archives.zip,
  'archive-import': archives.archiveImport,
  'manifest.json': own.manifestFile,
  'questions.jsonl': own.questionsFile,
  safetensors: encoders.safetensors,
  weights: encoders.weights,
  'weights-index': encoders.shardIndex,
  'config.json': encoders.config,
  'modules.json': encoders.modules,
  'pooling-config': encoders.pooling,
  'dense-config': encoders.denseConfig,
  'sentence-config': encoders.sentenceConfig,
  'tokenizer.json': tokenizers.tokenizerJson,
  'vocab.txt': tokenizers.vocabulary,
  'tokenizer-config': tokenizers.tokenizerConfig,
  tokens: tokenizers.tokenFile,
  checkpoint: own.checkpoint,
  configuration: own.configuration,
  'embeddings-file': home.embeddingFile,
  'layout-file': home.layoutFile,
  'profile.json': home.profileFile,
  'settings.json': home.settingsFile,
  'download-record': home.downloadRecord,
  'writer-lock': home.writerLock,
  'secrets.json': desktop.storedSecrets,
  'window-bounds': desktop.windowBounds,
  'trainer-events': trainerEvents,
  messages: own.messages,
  'server-answer': network.serverAnswer,
  'mlflow-answer': mlflow.mlflowAnswer,
  references: network.references,
  'kaggle.json': network.kaggleJson,
  ...contract.callTargets,
  'lab-service': contract.labService,
};
