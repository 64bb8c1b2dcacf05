/** A job that writes data of the project into files. */
export interface ExportJob {
  readonly id: number;
  readonly dataTypeName: string;
  readonly csv: boolean;
  readonly startedAt: number;
  cancelled: boolean;
}
