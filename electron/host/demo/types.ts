import type { Code, Order, OrderId, Site } from '../../../shared/domain/order/index.ts';
import type {
  AccessionNumber,
  InstanceUid,
  Laterality,
  PatientIdentity,
  SeriesUid,
  StudyUid,
} from '../../../shared/domain/study/index.ts';
import type { Instant, Millis } from '../../../shared/lib/instant.ts';
import type { BreastOptions } from './breast.ts';
import type { TransferSyntax } from './part10-writer.ts';
import type { HeadFinding } from './phantom-head.ts';
import type { KneeFinding, LumbarFinding } from './phantom-joints.ts';
import type { TrunkFinding } from './phantom-trunk.ts';
import type { Bar } from './picture.ts';
import type { RadiographFinding, RadiographView } from './radiograph-parts.ts';
import type { Contrast } from './tissues.ts';
import type { UltrasoundSubject } from './ultrasound.ts';

export type ImagingPlane = 'axial' | 'sagittal' | 'coronal';
export type CrossSection =
  | { readonly region: 'head'; readonly finding: HeadFinding }
  | { readonly region: 'chest' | 'abdomen'; readonly finding: TrunkFinding; readonly build: number }
  | { readonly region: 'knee'; readonly finding: KneeFinding }
  | { readonly region: 'lumbar'; readonly finding: LumbarFinding };

/** How the pixels of one series are made; plain data, so that a day can cross threads. */
export type Recipe =
  | {
      readonly kind: 'ct';
      readonly body: CrossSection;
      readonly contrast: boolean;
      readonly kernel: 'soft' | 'lung' | 'bone';
      /** Patient z of the first (highest) slice and the step down, in mm. */
      readonly top: number;
      readonly step: number;
    }
  | {
      readonly kind: 'mr';
      readonly body: CrossSection;
      readonly weighting: Contrast;
      readonly plane: ImagingPlane;
      readonly step: number;
      /** Middle of the stack in patient mm. */
      readonly middle: readonly [number, number, number];
    }
  | {
      readonly kind: 'radiograph';
      readonly views: readonly RadiographView[];
      readonly finding: RadiographFinding;
      readonly monochrome1: boolean;
      /** Its header exchanges left and right (Patient Orientation, 0020,0020); the letters of lead in its picture do not. */
      readonly mirroredHeader: boolean;
    }
  | {
      readonly kind: 'breast';
      readonly view: BreastOptions['view'];
      readonly density: number;
      readonly finding: BreastOptions['finding'];
      /** Film that was scanned: a secondary capture (PS3.3 A.8) of Conversion Type DF. */
      readonly film?: true;
    }
  | { readonly kind: 'ultrasound'; readonly subject: UltrasoundSubject };

export type DemoInstance = {
  readonly instanceUid: InstanceUid;
  readonly sopClassUid: string;
  /** Instance Number (0020,0013); the `slice` of the mark where the instance has one frame. */
  readonly number: number;
  readonly frames: number;
  readonly side: 'L' | 'R' | null;
  /** Words for the view or the position: "RMLO", "PA". Null for slices. */
  readonly view: string | null;
  /** The drawn 100 mm bar in image pixel coordinates; null where none is drawn. */
  readonly bar: Bar | null;
};

export type DemoSeries = {
  /** Series Number (0020,0011) and the `series` of the mark. */
  readonly number: number;
  readonly seriesUid: SeriesUid;
  readonly modality: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** mm between pixel centres, the same both ways. */
  readonly spacing: number;
  /** The side imaged, where the series is of one side. */
  readonly side: 'L' | 'R' | null;
  readonly recipe: Recipe;
  readonly instances: readonly DemoInstance[];
};

export type DemoStudy = {
  /** The `case` of the mark; 1 and up, unique in the day. */
  readonly number: number;
  readonly studyUid: StudyUid;
  readonly role: 'current' | 'prior';
  /** As the images say it; the order may say it otherwise, on purpose. */
  readonly patient: PatientIdentity;
  /** Patient's Birth Name (0010,1005); absent where the images carry none. */
  readonly birthName?: string;
  readonly accession: AccessionNumber | null;
  readonly orderId: OrderId | null;
  readonly site: Site;
  readonly modality: string;
  readonly description: string;
  readonly procedure: Code;
  readonly bodyPart: string;
  readonly laterality: Laterality | null;
  readonly referrer: string;
  /** When the exam was made; Study Date and Time are this instant in the site's zone. */
  readonly performedAt: Instant;
  readonly transferSyntax: TransferSyntax;
  readonly transferSyntaxUid: string;
  readonly instanceCount: number;
  readonly series: readonly DemoSeries[];
  /** Seed of its pictures; the same patient looks the same in a prior. */
  readonly seed: string;
};

/** A released report of a prior. */
export type PriorReport = {
  readonly studyUid: StudyUid;
  readonly orderId: OrderId;
  readonly accession: AccessionNumber;
  readonly sections: readonly { readonly code: string; readonly title: string; readonly text: string }[];
  readonly signerName: string;
  readonly issued: Instant;
};

/** A report that was signed before the launch, over the first `covered` instances of its study. */
export type ReportedStudy = {
  readonly studyUid: StudyUid;
  readonly orderId: OrderId;
  readonly covered: number;
  /** It is signed by the reader in training alone, and waits for somebody who may issue it. */
  readonly waits: boolean;
  readonly signedAt: Instant;
  readonly sections: readonly { readonly code: string; readonly title: string; readonly text: string }[];
  readonly followUps: readonly DemoFollowUp[];
};

/** A recommended exam that the reader confirmed, and the exam that was it; null while none was. */
export type DemoFollowUp = { readonly says: string; readonly doneBy: DemoStudy | null };

/** Something that comes in. `after` counts from launch; 0 is there at launch. */
export type Arrival =
  | { readonly kind: 'order'; readonly after: Millis; readonly orderId: OrderId }
  | {
      readonly kind: 'images';
      readonly after: Millis;
      readonly studyUid: StudyUid;
      /** Instances `from` (0-based, in the study's order) up to, not with, `to`. */
      readonly from: number;
      readonly to: number;
    };

export type DemoDay = {
  readonly seed: number;
  readonly now: Instant;
  readonly sites: readonly Site[];
  /** Every order of the day and of the priors, whether it is there at launch or comes later. */
  readonly orders: readonly Order[];
  readonly reports: readonly PriorReport[];
  readonly reported: readonly ReportedStudy[];
  readonly studies: readonly DemoStudy[];
  /** By time. An order that no images follow waits for them; a study whose last images never come stays incomplete. */
  readonly arrivals: readonly Arrival[];
};
