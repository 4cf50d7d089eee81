import test from 'ava';
import { insideAdmin } from './nav.ts';

test('an address inside the admin is the same with and without the chapter', (t) => {
  t.is(insideAdmin('/admin'), '/');
  t.is(insideAdmin('/admin/@lyon'), '/');
  t.is(insideAdmin('/admin/@lyon/people/12'), '/people/12');
  t.is(insideAdmin('/admin/people?q=a'), '/people');
  t.is(insideAdmin('/people'), '/people');
  t.is(insideAdmin('/administration'), '/administration');
});
