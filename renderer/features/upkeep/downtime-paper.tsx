import type { CallOutput } from '../../../shared/api/index.ts';
import './downtime.css';

export type Sheet = CallOutput<'downtimeSheet'>;

/** The downtime page of one site as it is printed: black on white, one page, a form for wet reads below. */
export function DowntimePaper({ sheet }: { readonly sheet: Sheet }) {
  const { contacts, onShift, studies, more } = sheet;
  return (
    <article className="downtime-paper" aria-label={`Downtime page of ${sheet.site}`}>
      {sheet.notForClinicalUse ? <p className="downtime-notice">NOT FOR CLINICAL USE</p> : null}
      <h2>Downtime page: {sheet.site}</h2>
      <p>
        <b>As it stood at {sheet.madeAt}.</b> All times are on the site's clock ({sheet.zone}). Contains patient data:
        destroy it when Overread is back.
      </p>
      <h3>Who to call</h3>
      {contacts.length === 0 ? (
        <p>No number is kept for this site. Write it here: ______________________________</p>
      ) : (
        contacts.map((one) => (
          <p key={`${one.role}${one.name}${one.phone}`}>
            {one.role}: {one.name} <b>{one.phone}</b>
          </p>
        ))
      )}
      <p>{onShift.length === 0 ? 'Readers on shift: not kept.' : `Readers on shift: ${onShift.join('; ')}`}</p>
      <h3>{studies.length === 0 ? 'No study was open.' : `Open studies: ${studies.length + more}`}</h3>
      {studies.length === 0 ? null : (
        <table aria-label="Open studies">
          <thead>
            <tr>
              {['Accession', 'Patient', 'ID', 'Born', 'Exam', 'Priority', 'State', 'Due'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {studies.map((one) => (
              <tr key={`${one.accession}${one.patientId}${one.exam}`}>
                <td>{one.accession}</td>
                <td>{one.patient}</td>
                <td>{one.patientId}</td>
                <td>{one.born}</td>
                <td>{one.exam}</td>
                <td>{one.priority}</td>
                <td>{one.state}</td>
                <td>{one.due}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more === 0 ? null : (
        <p>
          <b>{more} more are not on this page.</b>
        </p>
      )}
      <h3>Wet read, to be entered in Overread afterwards with its true times</h3>
      <div className="downtime-form">
        {sheet.form.map(({ label, long }) => (
          <div key={label} className={long ? 'downtime-field long' : 'downtime-field'}>
            {label}
          </div>
        ))}
      </div>
      <p>Overread is not a cleared medical device.</p>
    </article>
  );
}
