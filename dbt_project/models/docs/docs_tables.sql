-- depends_on: nothing; read from the project itself when it runs.

{{ docs_of_tables() }}
