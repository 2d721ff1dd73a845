/** The sample report: two answers and their evaluations by the built-in grader, as a server returned them. A script of its own,
 * loaded when the sample is opened. */

import { create } from '@bufbuild/protobuf';
import { EvaluationStatus, GraderKind, Dimension } from '#gen/viva/v1/answer_pb.js';
import { Level, QuestionSource } from '#gen/viva/v1/interview_pb.js';
import { ReportSchema } from '#gen/viva/v1/report_pb.js';

const status = EvaluationStatus.COMPLETED;
const grader = { kind: GraderKind.OFFLINE, name: 'viva-offline', version: '3.3' };
const source = QuestionSource.BANK;

/** The sample. */
export const sample = create(ReportSchema, {
  role: 'Backend engineer',
  level: Level.MID,
  overallScore: 7.5125,
  averageScores: { correctness: 7.5, completeness: 8.4, quality: 6.9, communication: 7.25 },
  strengths: [
    'All statements of the transaction take effect together or none of them does, thanks to rollback.',
    'One query loads the list, then lazy loading runs a further query for every row.',
    'Fix it by eager loading, with a join or one batched query using an IN list.',
    'Durability means that a committed change survives a crash because it is already on disk.',
    'The cost is the many round trips, which grow with the number of rows.',
  ],
  improvements: ['Joining several one-to-many relations multiplies rows, so separate batched queries may be better.'],
  questions: [
    {
      question: {
        id: 1n,
        order: 1,
        topic: 'databases',
        source,
        text: 'A page that lists 100 orders with their customers fires 101 SQL queries. What is going on, how would you fix it, and how would you stop it coming back?',
      },
      answer: {
        id: 1n,
        questionId: 1n,
        attempt: 1,
        answerText:
          'This is the N+1 problem. One query fetches the 100 orders; then lazy loading sends one more query for each row to get its customer. A single query is fast, but a hundred round trips to the database add up, and it gets worse with every row. I would load the customers eagerly, with a join or with one second query that has an IN list of their ids. Then I would look at the page again and see whether it is fast enough.',
        evaluation: {
          status,
          grader,
          attempts: 1,
          scores: { correctness: 7.1, completeness: 8.1, quality: 6.5, communication: 6.9 },
          range: { low: 4.5, high: 9 },
          suggestions: [
            'Say this plainly: Guard against regressions by counting queries per request in tests or monitoring.',
            'Add this point: Joining several one-to-many relations multiplies rows, so separate batched queries may be better.',
            'Give the reason behind one of your points, in a sentence with “because”.',
          ],
          keyPoints: [
            {
              point: 'One query loads the list, then lazy loading runs a further query for every row.',
              weight: 0.2727,
              coverage: 1,
              confidence: 0.98,
              evidence: 'One query fetches the 100 orders; then lazy loading sends one more query for each row to get its customer.',
            },
            {
              point: 'The cost is the many round trips, which grow with the number of rows.',
              weight: 0.1818,
              coverage: 1,
              confidence: 0.9,
              evidence:
                'then lazy loading sends one more query for each row to get its customer. A single query is fast, but a hundred round trips to the database add up, and it gets worse with every row.',
            },
            {
              point: 'Fix it by eager loading, with a join or one batched query using an IN list.',
              weight: 0.2727,
              coverage: 1,
              confidence: 0.97,
              evidence: 'One query fetches the 100 orders;',
            },
            {
              point: 'Joining several one-to-many relations multiplies rows, so separate batched queries may be better.',
              weight: 0.0909,
              coverage: 0,
              evidence: '',
            },
            {
              point: 'Guard against regressions by counting queries per request in tests or monitoring.',
              weight: 0.1818,
              coverage: 0.5,
              confidence: 0.43,
              evidence: 'I would load the customers eagerly, with a join or with one second query that has an IN list of their ids.',
            },
          ],
          explanations: [
            {
              dimension: Dimension.CORRECTNESS,
              band: 'good',
              reason: 'The four points that it makes agree with what a good answer says.',
              evidence: [
                'One query fetches the 100 orders; then lazy loading sends one more query for each row to get its customer.',
                'then lazy loading sends one more query for each row to get its customer. A single query is fast, but a hundred round trips to the database add up, and it gets worse with every row.',
              ],
              nextStep: 'Say this plainly: Guard against regressions by counting queries per request in tests or monitoring.',
            },
            {
              dimension: Dimension.COMPLETENESS,
              band: 'good',
              reason: 'It makes three of five points and touches on one.',
              evidence: [
                'One query fetches the 100 orders; then lazy loading sends one more query for each row to get its customer.',
                'then lazy loading sends one more query for each row to get its customer. A single query is fast, but a hundred round trips to the database add up, and it gets worse with every row.',
              ],
              nextStep: 'Add this point: Joining several one-to-many relations multiplies rows, so separate batched queries may be better.',
            },
            {
              dimension: Dimension.QUALITY,
              band: 'fair',
              reason: 'It gives few reasons but is specific.',
              evidence: [],
              nextStep: 'Give the reason behind one of your points, in a sentence with “because”.',
            },
            {
              dimension: Dimension.COMMUNICATION,
              band: 'fair',
              reason: 'It is written in sentences of a good length and is easy to follow.',
              evidence: [],
              nextStep: 'Link the sentences: say what follows from what, with “because” or “so”.',
            },
          ],
        },
      },
    },
    {
      question: {
        id: 2n,
        order: 2,
        topic: 'databases',
        source,
        text: 'Explain what a database transaction is, and what the four letters of ACID promise about changes and commits, using the transfer of money between two accounts as the example.',
      },
      answer: {
        id: 2n,
        questionId: 2n,
        attempt: 1,
        answerText:
          'A transaction groups statements so that all of them take effect or none. In a transfer, taking the money from one account and adding it to the other are one transaction. Atomicity: if the program crashes between the two, the first is rolled back. Consistency: the constraints still hold after it, such as a balance that must not fall below zero. Isolation: nobody else sees the money gone from one account and not yet in the other. Durability: once the commit is confirmed, the transfer survives a crash.',
        evaluation: {
          status,
          grader,
          attempts: 1,
          scores: { correctness: 7.9, completeness: 8.7, quality: 7.3, communication: 7.6 },
          range: { low: 4.5, high: 10 },
          suggestions: [
            "Say this plainly: Isolation keeps concurrent transactions from seeing each other's unfinished work, to a degree set by the level.",
            'Give one concrete case: a number, a name, or something you have seen.',
            'Begin with the conclusion, then give what supports it.',
          ],
          keyPoints: [
            {
              point: 'All statements of the transaction take effect together or none of them does, thanks to rollback.',
              weight: 0.375,
              coverage: 1,
              confidence: 0.95,
              evidence:
                'A transaction groups statements so that all of them take effect or none. In a transfer, taking the money from one account and adding it to the other are one transaction. Atomicity: if the program crashes between the two, the first is rolled back.',
            },
            {
              point: 'Consistency means that constraints and rules about the data still hold after every commit.',
              weight: 0.125,
              coverage: 1,
              confidence: 0.94,
              evidence:
                'A transaction groups statements so that all of them take effect or none. In a transfer, taking the money from one account and adding it to the other are one transaction. Atomicity: if the program crashes between the two, the first is rolled back.',
            },
            {
              point: "Isolation keeps concurrent transactions from seeing each other's unfinished work, to a degree set by the level.",
              weight: 0.25,
              coverage: 0.5,
              confidence: 0.44,
              evidence: 'Isolation: nobody else sees the money gone from one account and not yet in the other.',
            },
            {
              point: 'Durability means that a committed change survives a crash because it is already on disk.',
              weight: 0.25,
              coverage: 1,
              confidence: 0.82,
              evidence:
                'Isolation: nobody else sees the money gone from one account and not yet in the other. Durability: once the commit is confirmed, the transfer survives a crash.',
            },
          ],
          explanations: [
            {
              dimension: Dimension.CORRECTNESS,
              band: 'good',
              reason: 'The four points that it makes agree with what a good answer says.',
              evidence: [
                'A transaction groups statements so that all of them take effect or none. In a transfer, taking the money from one account and adding it to the other are one transaction. Atomicity: if the program crashes between the two, the first is rolled back.',
                'Isolation: nobody else sees the money gone from one account and not yet in the other. Durability: once the commit is confirmed, the transfer survives a crash.',
              ],
              nextStep:
                "Say this plainly: Isolation keeps concurrent transactions from seeing each other's unfinished work, to a degree set by the level.",
            },
            {
              dimension: Dimension.COMPLETENESS,
              band: 'good',
              reason: 'It makes three of four points and touches on one.',
              evidence: [
                'A transaction groups statements so that all of them take effect or none. In a transfer, taking the money from one account and adding it to the other are one transaction. Atomicity: if the program crashes between the two, the first is rolled back.',
                'Isolation: nobody else sees the money gone from one account and not yet in the other. Durability: once the commit is confirmed, the transfer survives a crash.',
              ],
              nextStep:
                "Spell this out: Isolation keeps concurrent transactions from seeing each other's unfinished work, to a degree set by the level.",
            },
            {
              dimension: Dimension.QUALITY,
              band: 'good',
              reason: 'It gives reasons but stays general: few numbers, names or examples.',
              evidence: [],
              nextStep: 'Give one concrete case: a number, a name, or something you have seen.',
            },
            {
              dimension: Dimension.COMMUNICATION,
              band: 'good',
              reason: 'It is written in sentences of a good length and is easy to follow.',
              evidence: [],
              nextStep: 'Begin with the conclusion, then give what supports it.',
            },
          ],
        },
      },
    },
  ],
});
