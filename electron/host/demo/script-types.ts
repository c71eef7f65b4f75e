import type { Priority } from '../../../shared/domain/order/index.ts';
import type { Laterality, Sex } from '../../../shared/domain/study/index.ts';
import type { PersonKey, SiteKey } from './cast.ts';
import type { ExamDraft } from './exam-kinds.ts';
import type { TransferSyntax } from './part10-writer.ts';

/** One exam of the day. Minutes count back from launch; seconds count from launch. */
export type CurrentScript = {
  readonly person: PersonKey;
  readonly site: SiteKey;
  readonly exam: ExamDraft;
  readonly syntax: TransferSyntax;
  readonly priority: Priority;
  readonly orderedMinutesAgo: number;
  readonly performedMinutesAgo: number;
  readonly reason: string;
  /** ICD-10-CM. */
  readonly diagnoses: readonly (readonly [string, string])[];
  readonly requested?: 'preliminary' | 'final';
  /** Seconds after launch at which the order comes; 0 or absent: there at launch; null: no order at all. */
  readonly orderAt?: number | null;
  /** Seconds at which images come, and how many of them then; absent: all at launch; empty: none ever. */
  readonly imagesAt?: readonly { readonly seconds: number; readonly upTo: number | 'all' }[];
  /** False where the site does not say how many images it sends. */
  readonly announced?: false;
  /** How the images say who the patient is, where it is not as the order says. */
  readonly imagesSay?: { readonly name?: string; readonly birthDate?: string | null; readonly sex?: Sex };
  /** How the order says it, where it is not as the exam was made. */
  readonly orderSays?: {
    readonly name?: string;
    readonly sex?: Sex;
    readonly laterality?: Laterality;
    readonly description?: string;
    readonly code?: string;
    readonly reason?: string;
  };
  /** Read and signed before the launch, over the first so many of its images. */
  readonly reported?: {
    readonly minutesAgo: number;
    readonly covered: number;
    readonly technique: string;
    readonly findings: string;
    readonly impression: string;
    /** Written by the reader in training and given to be signed: nobody has opened it yet. */
    readonly waits?: true;
    /** Sentences of the impression that the reader confirmed as recommended exams; `doneBy`: the person's exam that was it, by its days ago. */
    readonly followUps?: readonly { readonly says: string; readonly doneBy?: number }[];
  };
};
export type PriorScript = {
  readonly person: PersonKey;
  /** The name under which that place knew the patient, where it is another. */
  readonly name?: string;
  /** False: only its report is here, as a site sends it; the images lie elsewhere. */
  readonly images?: false;
  readonly site: SiteKey;
  readonly exam: ExamDraft;
  readonly syntax: TransferSyntax;
  readonly daysAgo: number;
  readonly reason: string;
  readonly signer: string;
  readonly report: {
    readonly technique: string;
    readonly comparison: string;
    readonly findings: string;
    readonly impression: string;
  };
};
