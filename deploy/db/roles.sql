-- Roles and database of one side on a PostgreSQL server of your own (15 or newer).
--
--   psql -v side=sector -v owner_password=… -v application_password=… -f deploy/db/roles.sql
--
-- The owner runs migrations and owns the tables; the application role serves requests and owns nothing, so that
-- row-level security and the missing grants on issued rows bind it. Nobody else may connect.

\set ON_ERROR_STOP on
select 'hocba_' || :'side' as name, 'hocba_' || :'side' || '_owner' as owner \gset

create role :"owner" login nosuperuser nobypassrls nocreatedb nocreaterole password :'owner_password';
create role :"name" login nosuperuser nobypassrls nocreatedb nocreaterole password :'application_password';
create database :"name" owner :"owner" template template0 encoding 'UTF8' locale 'C.UTF-8';
revoke all on database :"name" from public;
grant connect, temporary on database :"name" to :"name";
