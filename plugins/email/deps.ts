// What letters by e-mail need of the core and of the engine.
import { Outreach } from 'rostra/outreach';
import { type Get, Mail, MailWay, Staff } from 'rostra/plugin';

export interface Deps {
  mail: Mail;
  way: MailWay;
  staff: Staff;
  outreach: Outreach;
}

export function depsOf(get: Get): Deps {
  return {
    mail: get(Mail),
    way: get(MailWay),
    staff: get(Staff),
    outreach: get(Outreach),
  };
}
